import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from "node:crypto";
import { problems } from "../../platform/http/problem.ts";

/** What a hash costs to compute. */
export interface PasswordCost {
  /** Binary logarithm of N: memory and time. */
  readonly logN: number;
  readonly r: number;
  /** Repetitions: time only. */
  readonly p: number;
}

/**
 * OWASP Password Storage Cheat Sheet, "scrypt": N=2^14, r=8, p=5 is one of its equivalent choices. Of them we take one with little memory, 16 MiB a hash:
 * a small server can then hash several passwords at once. About 0.2 to 0.4 s of one core.
 */
export const usualCost: PasswordCost = { logN: 14, r: 8, p: 5 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes at a time: the rest of libuv's four threads stays free for names, files and TLS. */
const AT_ONCE = 2;
/** Waiting longer than about 16 hashes take, people have left. */
const MOST_WAITING = 32;

/** Turns passwords into hashes and compares them, a few at a time. */
export class Passwords {
  readonly #cost: PasswordCost;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(cost: PasswordCost = usualCost) {
    this.#cost = cost;
  }

  /** `$scrypt$ln=14,r=8,p=5$salt$hash`, which carries all that is needed to check it. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const { logN, r, p } = this.#cost;
    const hash = await this.#derive(password, salt, this.#cost, HASH_BYTES);
    return `$scrypt$ln=${logN},r=${r},p=${p}$${encode(salt)}$${encode(hash)}`;
  }

  /** Whether it is the password; takes as long without a hash to compare with, so that time does not tell who has an account. */
  async matches(password: string, stored: string | undefined): Promise<boolean> {
    const parsed = stored === undefined ? undefined : parse(stored);
    if (parsed === undefined) {
      await this.#derive(password, Buffer.alloc(SALT_BYTES), this.#cost, HASH_BYTES);
      return false;
    }
    return timingSafeEqual(await this.#derive(password, parsed.salt, parsed.cost, parsed.hash.length), parsed.hash);
  }

  /** Whether a hash was made at another cost than today's: the next log-in is the moment to make it anew. */
  isOutdated(stored: string): boolean {
    const { logN, r, p } = this.#cost;
    return !stored.startsWith(`$scrypt$ln=${logN},r=${r},p=${p}$`);
  }

  async #derive(password: string, salt: Buffer, { logN, r, p }: PasswordCost, length: number): Promise<Buffer> {
    await this.#turn();
    try {
      const N = 2 ** logN;
      // Node's own limit is 32 MiB; the need is 128 * N * r, and a little for p.
      return await derive(password.normalize("NFKC"), salt, length, { N, r, p, maxmem: 128 * r * (N + p + 2) });
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING) throw problems.unavailable("Too many people are logging in.");
    while (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }
}

function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, length, options, (error, key) => (error === null ? resolve(key) : reject(error))),
  );
}

function parse(stored: string): { cost: PasswordCost; salt: Buffer; hash: Buffer } | undefined {
  const [, ln, r, p, salt, hash] = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  return {
    cost: { logN: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64"),
    hash: Buffer.from(hash, "base64"),
  };
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}
