import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMap, parse, parseDocument } from "yaml";
import { z } from "zod";
import { parseJson } from "./json.ts";
import type { Place } from "./place.ts";
import type { Standing } from "./standing.ts";
import { UserError } from "./user-error.ts";

const STAGE = "platform:stage";
const ALONGSIDE = "platform:alongside";

/** The configuration file of a stack, in which a move is written down before it is done. */
export class StackConfig {
  readonly file: string;
  readonly #place: Place;

  /**
   * @param root the folder with Pulumi.yaml.
   * @throws UserError when the stack has no configuration file.
   */
  constructor(place: Place, root: string) {
    const { stackConfigDir = "." } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { stackConfigDir?: string };
    this.#place = place;
    this.file = join(root, stackConfigDir, `Pulumi.${place.stack}.yaml`);
    if (existsSync(this.file)) return;
    throw new UserError(`There is no configuration of the stack ${place.stack}.`, [
      `looked for: ${this.file}`,
      "A sandbox gets it from `npm start`, a stack on a real cloud from you: see docs/operations/real-aws.md.",
    ]);
  }

  /** What the file says stands; what really stands may lag one update behind. */
  standing(): Standing {
    const { config = {} } = parse(readFileSync(this.file, "utf8")) as { config?: Record<string, unknown> };
    const found = z.object({ [STAGE]: z.string(), [ALONGSIDE]: z.string().optional() }).safeParse(config);
    if (!found.success) throw new UserError(`${STAGE} is not set.`, [`file: ${this.file}`]);
    const { [STAGE]: stage = "", [ALONGSIDE]: alongside } = found.data;
    return { stage, ...(alongside !== undefined && { alongside }) };
  }

  /** Writes down what is to stand, in one write: a cut between two would leave a pair that is none. */
  async write({ alongside, stage }: Standing): Promise<void> {
    if (alongside === undefined) {
      await must(this.#place, ["config", "set", STAGE, stage]);
      if (this.standing().alongside !== undefined) await must(this.#place, ["config", "rm", ALONGSIDE]);
      return;
    }
    await must(this.#place, [
      "config",
      "set-all",
      "--plaintext",
      `${STAGE}=${stage}`,
      "--plaintext",
      `${ALONGSIDE}=${alongside}`,
    ]);
  }

  /** Lends a copy of the file that says something else, so that a preview of it changes nothing. */
  async lend<T>({ alongside, stage }: Standing, use: (file: string) => Promise<T>): Promise<T> {
    const document = parseDocument(readFileSync(this.file, "utf8"));
    document.setIn(["config", STAGE], stage);
    const config = document.get("config");
    if (isMap(config)) config.delete(ALONGSIDE);
    if (alongside !== undefined) document.setIn(["config", ALONGSIDE], alongside);
    const folder = mkdtempSync(join(tmpdir(), "ladder-"));
    try {
      const file = join(folder, "Pulumi.move.yaml");
      writeFileSync(file, document.toString({ lineWidth: 0 }), { mode: 0o600 });
      return await use(file);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

/** Runs the Pulumi CLI and gives what it printed; whatever it complains about becomes a {@link UserError}. */
export async function must(place: Place, args: readonly string[]): Promise<string> {
  const { code, stderr, stdout } = await place.capture([...args, "--non-interactive"]);
  if (code === 0) return stdout;
  const said = `${stderr}\n${errorsIn(stdout) ?? stdout}`.split("\n").filter((line) => line.trim() !== "");
  throw new UserError(`\`pulumi ${args.join(" ")}\` failed in ${place.name}.`, said.slice(0, 40));
}

const DIAGNOSTICS = z.object({ diagnostics: z.array(z.object({ message: z.string(), severity: z.string() })) });

/** The errors in the JSON of a preview that failed; undefined for any other text. */
function errorsIn(stdout: string): string | undefined {
  const { data } = DIAGNOSTICS.safeParse(parseJson(stdout));
  return data?.diagnostics.flatMap(({ message, severity }) => (severity === "error" ? [message] : [])).join("\n");
}
