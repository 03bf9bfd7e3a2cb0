import pulumi from "@pulumi/eslint-plugin";
import prettier from "eslint-config-prettier";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const noResourceInApply = {
  // Preview does not run what stands inside apply, so a resource made there is invisible until it is too late.
  selector: "CallExpression[callee.property.name='apply'] NewExpression",
  message: "Make resources outside of apply: preview cannot see what apply makes. Pass the Output on as an input instead.",
};

export default defineConfig(
  { ignores: ["**/node_modules/", "coverage/", ".sandbox/", "apps/*/public/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers read well in messages and need no conversion; everything else stays refused.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // tsc's noPropertyAccessFromIndexSignature asks for the very brackets that this rule's default would take away.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      // `() => stop()` reads as what it does; braces around it say nothing more.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["stacks/**/*.ts", "components/**/*.ts"],
    plugins: { pulumi },
    rules: {
      "pulumi/no-output-in-template-literal": "error",
      "pulumi/no-output-instance-in-template-literal": "error",
      "no-restricted-syntax": ["error", noResourceInApply],
    },
  },
  {
    files: ["tests/**/*.ts", "apps/*/test/**/*.ts", "bench/**/*.ts"],
    rules: {
      // Mocked inputs and parsed answers are `any`; the assertion after them is the check.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  prettier,
);
