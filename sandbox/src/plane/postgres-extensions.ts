import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder, type PostgresInstallation } from "./postgres-binaries.ts";

/**
 * Extensions that come with PostgreSQL and that Aurora lets nobody have, because they reach the machine or damage data
 * (Release Notes for Aurora PostgreSQL, "Extension versions").
 */
const NOT_ON_AURORA = /^(file_fdw|pg_logicalinspect|pg_surgery|pg_walinspect|xml2|.*(perlu|python3u))$/;

/**
 * A folder for `extension_control_path` in which the extensions that Aurora offers are marked as trusted: there the master user, who is no superuser, creates
 * them. Made once for each version.
 */
export function extensionFolder({ folder, root, version }: PostgresInstallation): string {
  const made = join(root, `extensions-${version}`);
  if (existsSync(made)) return made;
  const shipped = join(folder, "share", "postgresql", "extension");
  const partial = `${made}.part`;
  rmSync(partial, { recursive: true, force: true });
  openFolder(join(partial, "extension"));
  for (const file of readdirSync(shipped)) {
    const name = /^(.+)\.control$/.exec(file)?.[1];
    // Files such as `cube--1.5.control` say more about one version, and are found beside its script.
    if (name === undefined || name.includes("--") || NOT_ON_AURORA.test(name)) continue;
    const control = readFileSync(join(shipped, file), "utf8");
    const marked = `${control.trimEnd()}\ndirectory = '${shipped.replaceAll("'", "''")}'\ntrusted = true\n`;
    const trusted = join(partial, "extension", file);
    writeFileSync(trusted, marked);
    chmodSync(trusted, 0o644);
  }
  renameSync(partial, made);
  return made;
}
