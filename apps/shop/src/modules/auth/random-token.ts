import { createHash, randomBytes } from "node:crypto";

/** A token that nobody guesses: 256 random bits as 43 characters that an address holds. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is kept of a token. It is random and long: a plain hash hides it, and takes no time. */
export function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
