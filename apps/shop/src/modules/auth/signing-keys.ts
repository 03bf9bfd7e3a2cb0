import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { calculateJwkThumbprint, type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import type { Database, Queryable } from "../../platform/database/database.ts";

/** What tokens are signed with: ECDSA on P-256, which every library and load balancer can verify. */
export const ALGORITHM = "ES256";

/** A key that signs, and the name under which its public half is found. */
export interface Signer {
  readonly kid: string;
  readonly key: CryptoKey;
}

/** Public keys as they are published (RFC 7517, section 5). */
export interface PublicKeySet {
  readonly keys: readonly JWK[];
}

/** The key pairs that sign access tokens. They are in the database, so that every process signs with the same one and knows those of all others. */
export interface SigningKeys {
  /** The one that signs now. Makes the first one when there is none. */
  signer(): Promise<Signer>;
  /** A public key by its name; undefined if there is none, or none any more. */
  publicKey(kid: string): Promise<CryptoKey | undefined>;
  /** The public keys that verify now or soon. */
  published(): Promise<PublicKeySet>;
  /** Adds a key when the newest has signed for long enough, and removes those whose last token has expired. */
  rotate(): Promise<void>;
}

/** What signing keys are made with. */
export interface SigningKeysNeeds {
  readonly database: Database;
  /** Encrypts the private halves: 32 bytes. Asked for when it is needed. */
  readonly wrappingKey: () => Buffer;
  /** How long a token lives after it was signed, in seconds. */
  readonly tokenSeconds: number;
}

interface Row {
  readonly id: string;
  readonly publicKey: JWK;
  readonly privateKey: Buffer;
  readonly signs: boolean;
}

/** A key signs for so long. */
const SIGNS_DAYS = 30;
/** So long before its first token a key is published. Longer than anybody keeps a copy of the keys. */
const AHEAD_SECONDS = 3_600;
/** How long a process keeps what it has read. */
const FRESH_MS = 60_000;
/** A token may name any key: for one that is unknown the table is read at most this often. */
const UNKNOWN_MS = 1_000;
/** Any number, the same in every version: one process at a time makes a key. */
const LOCK = 7_305_143;
const [NONCE, TAG] = [12, 16];

export function createSigningKeys({ database, wrappingKey, tokenSeconds }: SigningKeysNeeds): SigningKeys {
  let ring: { readonly at: number; readonly rows: Promise<readonly Row[]> } | undefined;
  const imported = new Map<string, Promise<CryptoKey>>();

  const read = (olderThanMs: number): Promise<readonly Row[]> => {
    const now = performance.now();
    if (ring !== undefined && now - ring.at < olderThanMs) return ring.rows;
    const asked = { at: now, rows: readKeys(database) };
    ring = asked;
    asked.rows.catch(() => {
      if (ring === asked) ring = undefined;
    });
    return asked.rows;
  };
  const importOnce = (name: string, jwk: JWK): Promise<CryptoKey> => {
    const known = imported.get(name) ?? (importJWK(jwk, ALGORITHM) as Promise<CryptoKey>);
    imported.set(name, known);
    return known;
  };
  const signerAmong = async (rows: readonly Row[]): Promise<Signer | undefined> => {
    for (const { id, privateKey, signs } of rows) {
      const jwk = signs ? unwrap(privateKey, wrappingKey()) : undefined;
      if (jwk !== undefined) return { kid: id, key: await importOnce(`private ${id}`, jwk) };
    }
    return undefined;
  };
  /** Under the lock `isNeeded` is asked again: another process may have made one. */
  const add = async (aheadSeconds: number, isNeeded: (rows: readonly Row[]) => Promise<boolean>): Promise<void> => {
    const { id, publicKey, privateKey } = await newPair();
    await database.transaction(async (transaction) => {
      await transaction.query({ text: "SELECT pg_advisory_xact_lock($1)", values: [LOCK] });
      if (!(await isNeeded(await readKeys(transaction)))) return;
      await transaction.query({
        text: `
          INSERT INTO auth.signing_keys (id, public_key, private_key, signs_from)
          VALUES ($1, $2::jsonb, $3, now() + make_interval(secs => $4))`,
        values: [id, JSON.stringify(publicKey), wrap(privateKey, wrappingKey()), aheadSeconds],
      });
    });
    ring = undefined;
  };

  return {
    async signer() {
      const found = await signerAmong(await read(FRESH_MS));
      if (found !== undefined) return found;
      // None yet, or the product's secret is another than the one they were made under.
      await add(0, async (rows) => (await signerAmong(rows)) === undefined);
      const made = await signerAmong(await read(0));
      if (made === undefined) throw new Error("a signing key that was just made is missing");
      return made;
    },
    async publicKey(kid) {
      const find = (rows: readonly Row[]): Row | undefined => rows.find(({ id }) => id === kid);
      const row = find(await read(FRESH_MS)) ?? find(await read(UNKNOWN_MS));
      return row && importOnce(`public ${kid}`, row.publicKey);
    },
    published: async () => ({ keys: (await read(UNKNOWN_MS)).map(({ publicKey }) => publicKey) }),
    async rotate() {
      if (await isNewestOld(database)) await add(AHEAD_SECONDS, () => isNewestOld(database));
      await database.query({
        text: `
          DELETE FROM auth.signing_keys AS old WHERE EXISTS (
            SELECT FROM auth.signing_keys AS next
            WHERE next.signs_from > old.signs_from AND next.signs_from < now() - make_interval(secs => $1))`,
        // A process that read the table just before the next key came still signs with the old one for a while; clocks differ by minutes.
        values: [tokenSeconds + AHEAD_SECONDS],
      });
    },
  };
}

/** Newest first. */
async function readKeys(database: Queryable): Promise<readonly Row[]> {
  const { rows } = await database.query<Row>({
    name: "auth-signing-keys",
    text: `
      SELECT id, public_key AS "publicKey", private_key AS "privateKey", signs_from <= now() AS signs
      FROM auth.signing_keys ORDER BY signs_from DESC, id`,
  });
  return rows;
}

/** Whether there are keys and the newest has signed for long enough. The first one is made when the first token is. */
async function isNewestOld(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ old: boolean | null }>({
    text: "SELECT max(signs_from) < now() - make_interval(days => $1) AS old FROM auth.signing_keys",
    values: [SIGNS_DAYS],
  });
  return rows[0]?.old === true;
}

async function newPair(): Promise<{ id: string; publicKey: JWK; privateKey: JWK }> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const id = await calculateJwkThumbprint(jwk);
  return { id, publicKey: { ...jwk, kid: id, alg: ALGORITHM, use: "sig" }, privateKey: await exportJWK(pair.privateKey) };
}

function wrap(jwk: JWK, key: Buffer): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(JSON.stringify(jwk)), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined for what was wrapped under another key. */
function unwrap(wrapped: Buffer, key: Buffer): JWK | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key, wrapped.subarray(0, NONCE));
  decipher.setAuthTag(wrapped.subarray(-TAG));
  try {
    const text = Buffer.concat([decipher.update(wrapped.subarray(NONCE, -TAG)), decipher.final()]).toString();
    return JSON.parse(text) as JWK;
  } catch {
    return undefined;
  }
}
