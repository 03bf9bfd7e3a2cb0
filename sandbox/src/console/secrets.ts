import type { Resource } from "../core/definition.ts";
import type { Props, Value } from "../core/values.ts";

/** Names of properties that hold secrets, in whatever type. `httpTokens: "required"` is none. */
const SECRET_NAME =
  /password|passphrase|secretstring|secretbinary|clientsecret|privatekey|sharedkey|token$|^secret$|^plaintext$/i;

/** Properties that hold secrets in one type only. */
const SECRET_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
  "random:index/randomBytes:RandomBytes": ["base64", "hex"],
};

/** Shorter strings are parts of ordinary words: hiding them would hide the page. */
const SHORTEST = 6;

/** Every secret value that the resources hold, longest first. */
export function secretsOf(resources: readonly Resource[], more: readonly string[] = []): string[] {
  const found = new Set<string>();
  for (const { type, inputs, outputs } of resources)
    for (const props of [inputs, outputs])
      for (const [name, value] of Object.entries(props)) collect(value, isSecret(type, name, props), found);
  for (const value of more) collect(value, true, found);
  return [...found].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

function isSecret(type: string, name: string, props: Props): boolean {
  if (SECRET_NAME.test(name) || SECRET_OF_TYPE[type]?.includes(name) === true) return true;
  return type === "aws:ssm/parameter:Parameter" && name === "value" && props["type"] === "SecureString";
}

function collect(value: Value | undefined, secret: boolean, found: Set<string>): void {
  if (typeof value === "string") {
    if (secret && value.length >= SHORTEST && !value.startsWith("arn:")) found.add(value);
  } else if (Array.isArray(value)) for (const item of value) collect(item, secret, found);
  else if (value !== null && typeof value === "object")
    for (const [name, item] of Object.entries(value)) collect(item, secret || SECRET_NAME.test(name), found);
}

/** The same value with every secret struck from every text in it: a second guard behind the list of what may be shown at all. */
export function concealed<T>(value: T, secrets: readonly string[]): T {
  return secrets.length === 0 ? value : (strike(value, secrets) as T);
}

function strike(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string")
    return secrets.reduce((text, secret) => (text.includes(secret) ? text.replaceAll(secret, "•••") : text), value);
  if (Array.isArray(value)) return value.map((item) => strike(item, secrets));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, strike(item, secrets)]));
  return value;
}
