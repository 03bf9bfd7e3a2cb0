import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

let known: string | undefined;

/** The version of the sandbox's own sources, as they were when this process first asked: the package's, and the beginning of a hash over every file. */
export function sandboxVersion(): string {
  known ??= read(join(import.meta.dirname, ".."));
  return known;
}

function read(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const hash = createHash("sha256");
  for (const file of globSync(["src/**/*", "schema/*.json"], { cwd: root }).sort()) {
    if (/\.\w+$/.test(file))
      hash
        .update(file)
        .update("\0")
        .update(readFileSync(join(root, file)));
  }
  return `${version}+${hash.digest("hex").slice(0, 12)}`;
}
