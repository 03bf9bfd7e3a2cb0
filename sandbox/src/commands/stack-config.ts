import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { distance } from "fastest-levenshtein";
import { isMap, isScalar, parse, parseDocument } from "yaml";
import { UserError } from "../toolchain/user-error.ts";
import { type SandboxContext, stackConfigFile } from "./context.ts";

const EXAMPLE = "Pulumi.monolith.yaml";
/** How the values of a stack are encrypted belongs to that stack and its key; a copy must have its own. */
const ENCRYPTION_KEYS = ["encryptionsalt", "encryptedkey", "secretsprovider"];

/**
 * Makes the sandbox's configuration file from the example of the first stage, unless it is there. `salt` is that of an existing state,
 * so that its secrets stay readable when only the file was lost. True when it was made.
 */
export async function makeStackConfig(context: SandboxContext, salt?: string): Promise<boolean> {
  const file = stackConfigFile(context);
  if (existsSync(file)) return false;
  const example = join(context.configDirectory, EXAMPLE);
  if (!existsSync(example)) throw new UserError("The example configuration is missing.", [`file: ${example}`]);
  const document = parseDocument(readFileSync(example, "utf8"));
  const heading = isMap(document.contents) ? headingOf(document.contents.items[0]?.key) : undefined;
  for (const key of ENCRYPTION_KEYS) document.delete(key);
  const first = isMap(document.contents) ? document.contents.items[0]?.key : undefined;
  // A comment over the whole file goes with the first key, and must not go away with it.
  if (heading !== undefined && headingOf(first) !== heading) document.commentBefore = heading;
  const config = document.get("config");
  if (isMap(config)) {
    // An encrypted value cannot be read without the key of the stack it was made for.
    config.items = config.items.filter((pair) => !(isMap(pair.value) && pair.value.has("secure")));
  }
  if (salt !== undefined) document.set("encryptionsalt", salt);
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${String(process.pid)}.tmp`;
  await writeFile(fresh, document.toString({ lineWidth: 0 }));
  await rename(fresh, file);
  return true;
}

function headingOf(key: unknown): string | undefined {
  return isScalar(key) ? (key.commentBefore ?? undefined) : undefined;
}

/** Deletes the sandbox's configuration file. */
export function removeStackConfig(context: SandboxContext): void {
  rmSync(stackConfigFile(context), { force: true });
}

/** The stages that have an example configuration, in alphabetical order. */
export function stagesOf(configDirectory: string): string[] {
  const stages = readdirSync(configDirectory)
    .filter((name) => /^Pulumi\..+\.yaml$/.test(name) && !name.startsWith("Pulumi.sandbox"))
    .map(
      (name) => (parse(readFileSync(join(configDirectory, name), "utf8")) as { config?: Record<string, unknown> } | null)?.config,
    )
    .map((config) => config?.["platform:stage"])
    .filter((stage) => typeof stage === "string");
  return [...new Set(stages)].sort();
}

/** Throws a {@link UserError} with the allowed names unless there is such a stage. */
export function checkStage(given: string, stages: readonly string[]): void {
  if (stages.includes(given)) return;
  const nearest = [...stages].sort((left, right) => distance(given, left) - distance(given, right))[0];
  const near = nearest !== undefined && distance(given, nearest) <= 3 ? [`Did you mean "${nearest}"?`] : [];
  throw new UserError("There is no such stage.", [`given: ${given}`, `allowed: ${stages.join(", ")}`, ...near]);
}
