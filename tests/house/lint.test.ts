import assert from "node:assert/strict";
import { ESLint } from "eslint";
import { root } from "../runner/groups.ts";

/** The rules that a text breaks when it stands in a file of that folder. */
async function broken(folder: string, text: string): Promise<(string | null)[]> {
  // The project service is one a process and keeps its first options, so every test gives the same.
  const parserOptions = { projectService: { allowDefaultProject: ["*/planted.ts"] }, tsconfigRootDir: root };
  const eslint = new ESLint({ cwd: root, overrideConfig: { files: ["**/*.ts"], languageOptions: { parserOptions } } });
  const [result] = await eslint.lintText(text, { filePath: `${folder}/planted.ts` });
  assert.ok(result);
  return result.messages.map((message) => message.ruleId);
}

describe("the lint rules", function () {
  this.timeout(60_000);

  it("refuse an Output inside a template string", async () => {
    const text =
      'import * as pulumi from "@pulumi/pulumi";\nconst url: pulumi.Output<string> = pulumi.output("a");\nexport const text = `see ${url}`;\n';
    assert.ok((await broken("components", text)).includes("pulumi/no-output-in-template-literal"));
  });

  it("refuse a resource made inside apply", async () => {
    const text =
      'import * as pulumi from "@pulumi/pulumi";\nexport const made = pulumi.output("a").apply((name) => new pulumi.ComponentResource("a:b:C", name));\n';
    assert.deepEqual(await broken("stacks", text), ["no-restricted-syntax"]);
    assert.deepEqual(await broken("sandbox", text), []);
  });

  it("let a number into a template string, and nothing that prints as [object Object]", async () => {
    assert.deepEqual(await broken("sandbox", "export const text = (days: number): string => `${days} days`;\n"), []);
    assert.deepEqual(await broken("sandbox", "export const text = (days: object): string => `${days} days`;\n"), [
      "@typescript-eslint/no-base-to-string",
      "@typescript-eslint/restrict-template-expressions",
    ]);
  });
});
