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
import { baseBackup, unpackBackup } from "./base-backup.ts";
import { findPostgres, handOver, POSTGRES_ENV, type PostgresInstallation, privateFolder } from "./postgres-binaries.ts";
import { extensionFolder } from "./postgres-extensions.ts";
import { ADMIN, localParameters, type ParameterSupport } from "./postgres-config.ts";
import { identify } from "./process-identity.ts";
import { askAbout, type ParameterFact, type ParameterFault, readParameterFacts } from "./postgres-parameters.ts";

/** 4 MiB: small enough to be archived often, large enough that a busy server does not archive all the time. */
const SEGMENT_MIB = 4;
const SERVERS = "servers";

/** The server that a folder belongs to, or, without one, the cluster's data while no server has them. */
export interface DataOwner {
  /** The cluster. */
  readonly id: string;
  readonly server?: string | undefined;
}

/**
 * The folders of PostgreSQL's data in a sandbox: those of each cluster's servers, and what all begin with. While a cluster has no server its data lie in `data`: as on Aurora they belong to the cluster.
 */
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

  /** Where a server's data are. */
  dataFolder({ id, server }: DataOwner): string {
    return server === undefined ? this.path(id, "data") : this.path(id, SERVERS, server);
  }

  /** Whether the cluster's data are there, with a server or without. */
  hasData(id: string): boolean {
    return existsSync(this.path(id, "data")) || this.serversOf(id).length > 0;
  }

  /** The servers that have data. */
  serversOf(id: string): string[] {
    const folder = this.path(id, SERVERS);
    return existsSync(folder) ? readdirSync(folder).filter((name) => !name.endsWith(".part")) : [];
  }

  /** Gives the cluster's data to a server, if none has them; what that had before, as a reader, goes. */
  attach({ id, server }: DataOwner): void {
    const data = this.path(id, "data");
    if (server === undefined || !existsSync(data)) return;
    const own = this.dataFolder({ id, server });
    rmSync(own, { recursive: true, force: true });
    privateFolder(dirname(own), this.installation().account);
    renameSync(data, own);
  }

  /** Takes the cluster's data back from a server that has stopped. What other servers have are copies, and go. */
  detach({ id, server }: DataOwner): void {
    const own = this.dataFolder({ id, server });
    if (server !== undefined && existsSync(own)) renameSync(own, this.path(id, "data"));
    rmSync(this.path(id, SERVERS), { recursive: true, force: true });
  }

  /** Removes what a reader has. */
  async removeServer(owner: Required<DataOwner>): Promise<void> {
    await rm(this.dataFolder(owner), { recursive: true, force: true });
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

  /**
   * Makes data from a folder or from a base backup; they appear under their name only when they are whole. With a `signal` the server that gets them begins by
   * recovering to a moment, or follows another one.
   */
  async fill(owner: DataOwner, contents: string, signal?: "recovery.signal" | "standby.signal"): Promise<void> {
    const { account } = this.installation();
    const data = this.dataFolder(owner);
    privateFolder(this.path(owner.id, "archive"), account);
    privateFolder(dirname(data), account);
    const partial = `${data}.part`;
    rmSync(partial, { recursive: true, force: true });
    if (statSync(contents).isDirectory()) cpSync(contents, partial, { recursive: true, verbatimSymlinks: true });
    else {
      mkdirSync(partial, { mode: 0o700 });
      await unpackBackup(contents, partial);
    }
    for (const left of ["postmaster.pid", "standby.signal", "recovery.signal"]) rmSync(join(partial, left), { force: true });
    if (signal !== undefined) writeFileSync(join(partial, signal), "");
    chmodSync(partial, 0o700);
    handOver(partial, account);
    rmSync(data, { recursive: true, force: true });
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

  /** Writes a file that only the server's account can read; with `flush` it is on disk afterwards. */
  writeFor(file: string, contents: string | Buffer, flush = false): void {
    const { account } = this.installation();
    writeFileSync(file, contents, { mode: 0o600, flush });
    if (account.uid !== undefined && account.gid !== undefined) chownSync(file, account.uid, account.gid);
  }

  /** Makes a reader's data, from the running server that it is to follow. */
  async copy(owner: Required<DataOwner>, connection: pg.ClientConfig): Promise<void> {
    const backup = this.path(owner.id, `${owner.server}.tar.part`);
    try {
      await baseBackup(connection, backup);
      await this.fill(owner, backup, "standby.signal");
    } finally {
      rmSync(backup, { force: true });
    }
  }

  /** After a power cut the lock may name a number that another program has by now; the server would refuse to start. */
  dropStaleLock(owner: DataOwner): void {
    const data = this.dataFolder(owner);
    const lock = join(data, "postmaster.pid");
    if (!existsSync(lock)) return;
    const holder = identify(Number(readFileSync(lock, "utf8").split("\n")[0]));
    if (holder?.commandLine.includes(data) !== true) rmSync(lock, { force: true });
  }
}
