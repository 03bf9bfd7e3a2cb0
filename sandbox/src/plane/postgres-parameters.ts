import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type pg from "pg";
import { CloudError } from "../core/definition.ts";
import { POSTGRES_ENV, type PostgresInstallation } from "./postgres-binaries.ts";

/** What the server says of one of its configuration parameters. */
export interface ParameterFact {
  /** Whether a new value waits for the server's next start. */
  readonly needsRestart: boolean;
  readonly kind: "boolean" | "integer" | "real" | "string" | "enum";
  /** Bounds of a number, in the parameter's base unit. */
  readonly least?: string;
  readonly most?: string;
}

/** All parameters of this PostgreSQL that a configuration file may set, by lower-case name: the answer of `postgres --describe-config`. */
export function readParameterFacts(installation: PostgresInstallation): ReadonlyMap<string, ParameterFact> {
  const { folder, account } = installation;
  const told = spawnSync(join(folder, "bin", "postgres"), ["--describe-config"], {
    ...account,
    encoding: "utf8",
    env: POSTGRES_ENV,
    cwd: "/",
  });
  if (told.status !== 0)
    throw new CloudError(
      "DatabaseEngineUnavailable",
      `postgres --describe-config failed: ${told.error?.message ?? told.stderr}`,
      500,
    );
  return new Map(
    told.stdout
      .split("\n")
      .filter((line) => line.includes("\t"))
      .map(factOf),
  );
}

/** A value that the server refuses. */
export interface ParameterFault {
  readonly name: string;
  /** The values that it takes, where it names them. */
  readonly allowed?: string;
  /** The server's whole complaint. */
  readonly message: string;
}

/** Lets the server read these parameters, without starting it, over any data folder; says which it refuses. */
export function askAbout(
  installation: PostgresInstallation,
  data: string,
  parameters: Readonly<Record<string, string>>,
): ParameterFault | undefined {
  const { folder, account } = installation;
  const given = Object.entries(parameters).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const asked = spawnSync(join(folder, "bin", "postgres"), ["-D", data, ...given, "-C", "data_directory"], {
    ...account,
    encoding: "utf8",
    env: POSTGRES_ENV,
    cwd: "/",
  });
  const refused = /(?:parameter|for) "([^"]+)"/.exec(asked.stderr)?.[1];
  if (asked.status === 0 || refused === undefined) return undefined;
  const range = /\((\S+)[^.]* \.\. (\S+)[^.]*\)/.exec(asked.stderr);
  const allowed =
    range === null
      ? /Available values: (.+)\./.exec(asked.stderr)?.[1]?.replaceAll(", ", ",")
      : `${range[1] ?? ""}-${range[2] ?? ""}`;
  return { name: refused.toLowerCase(), message: asked.stderr.trim(), ...(allowed === undefined ? {} : { allowed }) };
}

/** Columns: name, context, group, type, value at boot, least, most, descriptions. */
function factOf(line: string): [name: string, fact: ParameterFact] {
  const [name = "", context, , kind = "STRING", , least = "", most = ""] = line.split("\t");
  const bounds = least === "" ? {} : { least, most };
  return [
    name.toLowerCase(),
    { needsRestart: context === "postmaster", kind: kind.toLowerCase() as ParameterFact["kind"], ...bounds },
  ];
}

/** Of the parameters that only a start can change, those whose value in the files is not the one that the server runs with. */
export async function waitingForRestart(
  client: pg.Client,
  parameters: Readonly<Record<string, string>>,
  facts: ReadonlyMap<string, ParameterFact>,
): Promise<string[]> {
  const fixed = Object.keys(parameters).filter((name) => facts.get(name)?.needsRestart === true);
  if (fixed.length === 0) return [];
  // The server marks them when it reads its files again, which it does a moment after it was told to: compared here, nothing has to be waited for.
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT lower(s.name) AS name FROM pg_file_settings f JOIN pg_settings s ON lower(s.name) = lower(f.name)
     WHERE lower(f.name) = ANY($1) AND f.error = 'setting could not be applied' ORDER BY 1`,
    [fixed],
  );
  return rows.map(({ name }) => name);
}
