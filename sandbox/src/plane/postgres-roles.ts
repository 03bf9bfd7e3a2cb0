import { randomBytes, timingSafeEqual } from "node:crypto";
import type pg from "pg";
import { MECHANISM, scramKeys } from "./postgres-scram.ts";

/** The role that RDS gives the master, and those that the master gives to others (docs.aws.amazon.com/AmazonRDS, "Understanding PostgreSQL roles and permissions"). */
const SUPERUSER = "rds_superuser";
const GIVEN_OUT = ["rds_iam", "rds_password", "rds_replication"];

/** Makes the master role, with this password if one is given, and the roles around it; changes only what differs. */
export async function ensureMaster(client: pg.Client, username: string, password?: string): Promise<void> {
  for (const group of [SUPERUSER, ...GIVEN_OUT]) {
    const there = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [group]);
    if (there.rowCount === 0) await client.query(`CREATE ROLE ${group} NOLOGIN`);
  }
  await client.query(`GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO ${SUPERUSER} WITH ADMIN OPTION`);
  await client.query(`GRANT ${GIVEN_OUT.join(", ")} TO ${SUPERUSER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  const name = client.escapeIdentifier(username);
  const { rows } = await client.query<{ rolpassword: string | null }>("SELECT rolpassword FROM pg_authid WHERE rolname = $1", [
    username,
  ]);
  const known = rows[0];
  if (known === undefined) await client.query(`CREATE ROLE ${name} LOGIN CREATEROLE CREATEDB`);
  await client.query(`GRANT ${SUPERUSER} TO ${name}`);
  if (password === undefined) return;
  if (known?.rolpassword == null || !isPasswordOf(known.rolpassword, password)) {
    // The server gets the verifier, not the password: whatever it logs, it cannot log that.
    await client.query(`ALTER ROLE ${name} PASSWORD ${client.escapeLiteral(verifier(password, randomBytes(16)))}`);
  }
}

/** Makes the database if it is missing, owned by the master. */
export async function ensureDatabase(client: pg.Client, database: string, owner: string): Promise<void> {
  const there = await client.query("SELECT FROM pg_database WHERE datname = $1", [database]);
  if (there.rowCount === 0) {
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} OWNER ${client.escapeIdentifier(owner)}`);
  }
}

/** A SCRAM-SHA-256 verifier as PostgreSQL stores it (RFC 5803). */
function verifier(password: string, salt: Buffer, iterations?: number): string {
  const keys = scramKeys(password, salt, iterations);
  const [told, stored, server] = [keys.salt, keys.stored, keys.server].map((each) => each.toString("base64"));
  return `${MECHANISM}$${String(keys.iterations)}:${told ?? ""}$${stored ?? ""}:${server ?? ""}`;
}

function isPasswordOf(stored: string, password: string): boolean {
  const parts = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(stored);
  if (parts?.[1] === undefined || parts[2] === undefined) return false;
  const again = Buffer.from(verifier(password, Buffer.from(parts[2], "base64"), Number(parts[1])));
  return again.length === stored.length && timingSafeEqual(again, Buffer.from(stored));
}
