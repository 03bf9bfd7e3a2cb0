import { readFileSync } from "node:fs";
import pg from "pg";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { ADMIN } from "./postgres-config.ts";

/** What a parameter group sets for everybody must not keep the daemon from its work. */
const ADMIN_OPTIONS = ["default_transaction_read_only=off", "statement_timeout=0", "transaction_timeout=0", "lock_timeout=0"]
  .map((setting) => `-c ${setting}`)
  .join(" ");

/** The daemon's own way into its servers: an administrative role, over TLS with the certificate checked. */
export class PostgresAdmin {
  private readonly trust: CertificateAuthority;
  private readonly password: () => string;

  constructor(trust: CertificateAuthority, password: () => string) {
    this.trust = trust;
    this.password = password;
  }

  /** How to reach the server on that port. */
  connection(port: number): pg.ClientConfig {
    return {
      host: "127.0.0.1",
      port,
      user: ADMIN,
      password: this.password(),
      database: "postgres",
      application_name: "sandbox",
      options: ADMIN_OPTIONS,
      connectionTimeoutMillis: 10_000,
      ssl: { ca: readFileSync(this.trust.caFile(), "utf8"), rejectUnauthorized: true },
    };
  }

  /** Runs `work` with a connection to the server `id`. Rejects with the server's own words. */
  async run<T>(id: string, port: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(this.connection(port));
    client.on("error", () => undefined); // A dying server also fails the query that is under way; that one is reported.
    try {
      await client.connect();
      return await work(client);
    } catch (error) {
      throw new Error(`administering the database ${id} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
