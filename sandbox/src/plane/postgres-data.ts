import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type pg from "pg";
import { CloudError } from "../core/definition.ts";
import { baseBackup, firstSegment, unpackBackup } from "./base-backup.ts";
import { findPostgres, handOver, POSTGRES_ENV, type PostgresInstallation, privateFolder } from "./postgres-binaries.ts";
import { extensionFolder } from "./postgres-extensions.ts";
import { ADMIN, localParameters, type ParameterSupport } from "./postgres-config.ts";
import { identify } from "./process-identity.ts";
import { askAbout, type ParameterFact, type ParameterFault, readParameterFacts } from "./postgres-parameters.ts";

/** 4 MiB: small enough to be archived often, large enough that a busy server does not archive all the time. */
const SEGMENT_MIB = 4;

/** The folders of PostgreSQL's data in a sandbox: data, archived log and base backups of each server, and the snapshots that outlive them. */
export class PostgresData {
  private readonly home: string;
  private found: PostgresInstallation | undefined;
  private facts: ReadonlyMap<string, ParameterFact> | undefined;

  constructor(home: string) {
    this.home = home;
  }

  installation(): PostgresInstallation {
    this.found ??= findPostgres(this.home);
    return this.found;
  }

  parameterFacts(): ReadonlyMap<string, ParameterFact> {
    this.facts ??= readParameterFacts(this.installation());
    return this.facts;
  }

  /** What this installation can do with parameters. */
  support(): ParameterSupport {
    const files = readdirSync(join(this.installation().folder, "lib", "postgresql"));
    const facts = this.parameterFacts();
    return {
      libraries: new Set(files.map((name) => name.replace(/\.(so|dylib)$/, ""))),
      extensions: extensionFolder(this.installation()),
      knows: (name) => facts.has(name.toLowerCase()),
    };
  }

  /** The first parameter whose value the server refuses. */
  faultOf(parameters: Readonly<Record<string, string>>): ParameterFault | undefined {
    return askAbout(this.installation(), this.template(), localParameters(parameters, this.support()));
  }

  path(id: string, ...parts: string[]): string {
    return join(this.installation().root, "clusters", id, ...parts);
  }

  /** A snapshot: a server's folder as it was left behind, or a base backup. */
  snapshotPath(snapshot: string): string {
    return join(this.installation().root, "snapshots", snapshot);
  }

  /** One password for all servers of this home, known to nobody but the daemon. */
  adminPassword(): string {
    const file = join(this.home, "trust", `${ADMIN}.password`);
    if (!existsSync(file)) {
      mkdirSync(join(this.home, "trust"), { recursive: true });
      writeFileSync(`${file}.part`, randomBytes(24).toString("base64url"), { mode: 0o600 });
      renameSync(`${file}.part`, file);
    }
    return readFileSync(file, "utf8");
  }

  /** Makes a server's data from a folder or from a base backup; they appear under their name only when they are whole. */
  async fill(id: string, contents: string, recovers: boolean): Promise<void> {
    const { account } = this.installation();
    const data = this.path(id, "data");
    privateFolder(this.path(id, "archive"), account);
    const partial = `${data}.part`;
    rmSync(partial, { recursive: true, force: true });
    if (statSync(contents).isDirectory()) cpSync(contents, partial, { recursive: true, verbatimSymlinks: true });
    else {
      mkdirSync(partial, { mode: 0o700 });
      await unpackBackup(contents, partial);
    }
    for (const left of ["postmaster.pid", "standby.signal", "recovery.signal"]) rmSync(join(partial, left), { force: true });
    if (recovers) writeFileSync(join(partial, "recovery.signal"), "");
    chmodSync(partial, 0o700);
    handOver(partial, account);
    renameSync(partial, data);
  }

  /** An empty database, made once. */
  template(): string {
    const { root, folder, version, account } = this.installation();
    const template = join(root, `template-${version}`);
    if (existsSync(template)) return template;
    const partial = `${template}.part`;
    rmSync(partial, { recursive: true, force: true });
    privateFolder(partial, account);
    const passwordFile = join(root, "initdb.password");
    this.writeFor(passwordFile, this.adminPassword());
    const how = ["-D", partial, "-U", ADMIN, "-A", "scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8", "--locale=C"];
    const made = spawnSync(
      join(folder, "bin", "initdb"),
      [...how, "--no-sync", `--wal-segsize=${String(SEGMENT_MIB)}`, "--no-instructions"],
      { ...account, env: POSTGRES_ENV, encoding: "utf8", cwd: partial },
    );
    rmSync(passwordFile, { force: true });
    if (made.status !== 0)
      throw new CloudError("DatabaseEngineUnavailable", `initdb failed: ${made.error?.message ?? made.stderr}`, 500);
    renameSync(partial, template);
    return template;
  }

  /** Writes a file that only the server's account can read. */
  writeFor(file: string, text: string): void {
    const { account } = this.installation();
    writeFileSync(file, text, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) chownSync(file, account.uid, account.gid);
  }

  /** Moments of the base backups, oldest first, in milliseconds since the epoch. */
  bases(id: string): number[] {
    const folder = this.path(id, "base");
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .flatMap((name) => /^(\d+)\.tar$/.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  basePath(id: string, moment: number): string {
    return this.path(id, "base", `${String(moment)}.tar`);
  }

  /** Takes a base backup, which counts from the moment it was finished: before that it is not consistent. */
  async addBase(id: string, connection: pg.ClientConfig, now: () => number): Promise<void> {
    const partial = this.path(id, "base", "new.part");
    mkdirSync(dirname(partial), { recursive: true, mode: 0o700 });
    await baseBackup(connection, partial);
    renameSync(partial, this.basePath(id, now()));
  }

  /** Forgets base backups that no restore to a moment since `since` needs, and the archived log from before the oldest that is kept. */
  prune(id: string, since: number): void {
    const bases = this.bases(id);
    const oldest = bases.findLast((moment) => moment <= since);
    if (oldest === undefined) return;
    for (const moment of bases) if (moment < oldest) rmSync(this.basePath(id, moment));
    const first = firstSegment(this.basePath(id, oldest));
    // Without the first eight digits, which count the timelines: as pg_archivecleanup compares them.
    for (const name of readdirSync(this.path(id, "archive")))
      if (/^[0-9A-F]{24}/.test(name) && name.slice(8, 24) < first.slice(8)) rmSync(this.path(id, "archive", name));
  }

  /** Copies a running server's data into a snapshot. */
  async addSnapshot(snapshot: string, connection: pg.ClientConfig): Promise<void> {
    const kept = this.snapshotPath(snapshot);
    privateFolder(dirname(kept), this.installation().account);
    await baseBackup(connection, `${kept}.part`);
    renameSync(`${kept}.part`, kept);
  }

  /** Removes a server's data, logs and backups. A stopped server's folder is a whole copy in itself: with `snapshot` it becomes that. */
  async remove(id: string, snapshot?: string): Promise<void> {
    const data = this.path(id, "data");
    if (snapshot !== undefined && existsSync(data)) {
      const kept = this.snapshotPath(snapshot);
      privateFolder(dirname(kept), this.installation().account);
      renameSync(data, kept);
    }
    await rm(this.path(id), { recursive: true, force: true });
  }

  async removeSnapshot(snapshot: string): Promise<void> {
    await rm(this.snapshotPath(snapshot), { recursive: true, force: true });
  }

  /** After a power cut the lock may name a number that another program has by now; the server would refuse to start. */
  dropStaleLock(id: string): void {
    const data = this.path(id, "data");
    const lock = join(data, "postmaster.pid");
    if (!existsSync(lock)) return;
    const holder = identify(Number(readFileSync(lock, "utf8").split("\n")[0]));
    if (holder?.commandLine.includes(data) !== true) rmSync(lock, { force: true });
  }
}
