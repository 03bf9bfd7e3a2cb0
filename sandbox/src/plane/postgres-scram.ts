import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

/** The mechanism that PostgreSQL and its clients know (RFC 7677). */
export const MECHANISM = "SCRAM-SHA-256";
const ITERATIONS = 4096;

/** The keys by which a server checks a password without having it, as PostgreSQL stores them. */
export interface ScramKeys {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly stored: Buffer;
  readonly server: Buffer;
}

/** Derives them from a password. */
export function scramKeys(password: string, salt: Buffer, iterations = ITERATIONS): ScramKeys {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const stored = createHash("sha256").update(hmac(salted, "Client Key")).digest();
  return { salt, iterations, stored, server: hmac(salted, "Server Key") };
}

/** The server's part of a SCRAM exchange without channel binding (RFC 5802). */
export class ScramServer {
  private readonly keys: ScramKeys;
  private exchanged = "";
  private nonce = "";
  private header = "";

  constructor(password: string) {
    this.keys = scramKeys(password, randomBytes(16));
  }

  /** Answers the client's first message. Throws where it asks for what the server has not. */
  first(message: string): string {
    // gs2-cbind-flag, authzid, then the bare message, in which PostgreSQL's clients leave the user's name empty.
    const parts = /^([ny],(?:a=[^,]*)?,)(n=[^,]*,r=([^,]+)(?:,.*)?)$/.exec(message);
    if (parts === null) throw new Error("malformed SCRAM message");
    const [, header = "", bare = "", clientNonce = ""] = parts;
    this.header = header;
    this.nonce = clientNonce + randomBytes(18).toString("base64");
    const answer = `r=${this.nonce},s=${this.keys.salt.toString("base64")},i=${String(this.keys.iterations)}`;
    this.exchanged = `${bare},${answer}`;
    return answer;
  }

  /** Checks the client's proof: the server's own signature, or undefined where the client does not have the password. */
  final(message: string): string | undefined {
    const parts = /^((c=([^,]+),r=([^,]+)).*),p=([^,]+)$/.exec(message);
    if (parts === null) return undefined;
    const [, withoutProof = "", , binding = "", nonce = "", proof = ""] = parts;
    if (nonce !== this.nonce || binding !== Buffer.from(this.header).toString("base64")) return undefined;
    const authMessage = `${this.exchanged},${withoutProof}`;
    const signature = hmac(this.keys.stored, authMessage);
    const given = Buffer.from(proof, "base64");
    if (given.length !== signature.length) return undefined;
    const clientKey = Buffer.from(given.map((byte, at) => byte ^ (signature[at] ?? 0)));
    if (!timingSafeEqual(createHash("sha256").update(clientKey).digest(), this.keys.stored)) return undefined;
    return `v=${hmac(this.keys.server, authMessage).toString("base64")}`;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
