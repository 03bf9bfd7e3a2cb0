import { hkdfSync } from "node:crypto";

/** What the product's secret is used for; each use has a key of its own, so that one can never stand in for another. */
export type KeyUse = "signing-keys" | "login-accounts" | "hits" | "payment-events" | "form-tokens" | "read-positions";

/** The keys made from the product's secret, which may arrive after the server began to listen. */
export class Keys {
  #secret: string | undefined;
  readonly #keys = new Map<KeyUse, Buffer>();

  get unlocked(): boolean {
    return this.#secret !== undefined;
  }

  unlock(secret: string): void {
    if (secret.length < 32) throw new Error(`the app secret has ${secret.length} characters; it needs at least 32 random ones`);
    this.#secret = secret;
  }

  /** @throws Error before the secret has arrived */
  key(use: KeyUse): Buffer {
    let key = this.#keys.get(use);
    if (key !== undefined) return key;
    if (this.#secret === undefined) throw new Error("the app secret has not been read yet");
    key = Buffer.from(hkdfSync("sha256", this.#secret, "", `shop ${use}`, 32));
    this.#keys.set(use, key);
    return key;
  }
}
