import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

const require = createRequire(import.meta.url);
let found: ReadonlySet<string> | undefined;

/** The type tokens of every resource class of the SDKs that rules are about. */
export function sdkTypes(): ReadonlySet<string> {
  found ??= new Set(SDKS.flatMap(tokensOf));
  return found;
}

/** Those that are not installed have no tokens, and rules about them fail the test that asks. */
const SDKS = ["@pulumi/aws", "@pulumi/kubernetes", "@pulumi/cloudflare"];

function tokensOf(sdk: string): string[] {
  let folder: string;
  try {
    folder = dirname(require.resolve(`${sdk}/package.json`));
  } catch {
    return [];
  }
  // Loading the classes themselves takes many seconds; each writes its own token in one line.
  return globSync("**/*.js", { cwd: folder, exclude: ["node_modules/**", "types/**"] }).flatMap(
    (file) => /__pulumiType = ['"]([^'"]+)['"]/.exec(readFileSync(`${folder}/${file}`, "utf8"))?.[1] ?? [],
  );
}
