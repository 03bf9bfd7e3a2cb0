import type { Resource } from "../core/definition.ts";
import type { Props, Value } from "../core/values.ts";

/** Names of properties that hold secrets, in whatever type. `httpTokens: "required"` is none. */
const SECRET_NAME =
  /password|passphrase|secretstring|secretbinary|secretaccesskey|clientsecret|privatekey|sharedkey|apikey|token$|^secret$|^plaintext$/i;

/** Properties that hold secrets in one type only. */
const SECRET_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  "random:index/randomPassword:RandomPassword": ["result", "bcryptHash"],
  "random:index/randomBytes:RandomBytes": ["base64", "hex"],
};

/** What stands beside the password in a secret of a database, and is none (AWS Secrets Manager User Guide, "JSON structure of secrets"). */
const BESIDE_PASSWORD = /^(username|engine|host|port|dbname|db(Cluster|Instance)Identifier|masterarn|account|alias|ssl)$/i;

/** Shorter strings are parts of ordinary words: hiding them would hide the page. */
const SHORTEST = 6;

/** Every secret value that the resources hold, also as it stands in URLs, in JSON and in Base64; longest first. */
export function secretsOf(resources: readonly Resource[], more: readonly string[] = []): string[] {
  const found = new Set<string>();
  for (const { type, inputs, outputs } of resources)
    for (const props of [inputs, outputs])
      for (const [name, value] of Object.entries(props)) collect(value, isSecret(type, name, props), found);
  for (const value of more) collect(value, true, found);
  const spellings = new Set([...found].flatMap(spellingsOf));
  return [...spellings].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

function spellingsOf(secret: string): string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString("base64")];
}

function isSecret(type: string, name: string, props: Props): boolean {
  if (SECRET_NAME.test(name) || SECRET_OF_TYPE[type]?.includes(name) === true) return true;
  return type === "aws:ssm/parameter:Parameter" && /^value(Wo)?$/.test(name) && props["type"] === "SecureString";
}

function collect(value: Value | undefined, secret: boolean, found: Set<string>): void {
  if (typeof value === "string") {
    if (!secret || value.length < SHORTEST || value.startsWith("arn:")) return;
    found.add(value);
    for (const [name, item] of membersOf(value)) collect(item, !BESIDE_PASSWORD.test(name), found);
  } else if (Array.isArray(value)) for (const item of value) collect(item, secret, found);
  else if (value !== null && typeof value === "object")
    for (const [name, item] of Object.entries(value)) collect(item, secret || SECRET_NAME.test(name), found);
}

/** What a secret that is a JSON object consists of; nothing for any other. */
function membersOf(secret: string): [name: string, value: Value | undefined][] {
  if (!secret.startsWith("{")) return [];
  try {
    return Object.entries(JSON.parse(secret) as Props);
  } catch {
    return [];
  }
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
