/** Why a value cannot be read. Stands in its place. */
export class Unknown {
  /** Ends the sentence "PATH is ...". */
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** A value that a preview does not know, because it comes from a resource that is not made yet. */
export const UNKNOWN = new Unknown("not known before `pulumi up`");

/** A secret that an exported state keeps encrypted. */
export const HIDDEN = new Unknown("a secret that is not shown here (`pulumi stack export --show-secrets` shows it)");

/** A value that is marked as secret in the program. Messages never show what is in it. */
export class Secret {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Text, a file or an archive that is uploaded; rules do not look inside. */
export class Asset {
  /** Where it comes from: a path, a URI, or "text". */
  readonly from: string;

  constructor(from: string) {
    this.from = from;
  }
}

/**
 * What the engine writes for values of each type that a preview does not know (pulumi/pulumi,
 * sdk/go/common/resource/plugin/rpc.go).
 */
const SENTINELS: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The key that tells special objects from plain ones, and the kinds it may name (@pulumi/pulumi, runtime/rpc.js). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SIGNED_SECRET = "1b47061264138c4ac30d75fd1eb44270";
const SIGNED_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const SIGNED_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";

/**
 * Turns what the engine sends, or a state file holds, into plain values, with {@link Unknown} and {@link Secret} in their
 * places.
 */
export function decoded(value: unknown): unknown {
  if (typeof value === "string") return decodedText(value);
  if (Array.isArray(value)) return value.map(decoded);
  if (!isRecord(value)) return value;
  const signature = value[SIGNATURE];
  return signature === undefined ? decodedFields(value) : decodedSpecial(signature, value);
}

/** What `pulumi preview --json` and `pulumi policy analyze` write in place of a secret. */
const REDACTED = "[secret]";

function decodedText(value: string): unknown {
  if (SENTINELS.has(value)) return UNKNOWN;
  return value === REDACTED ? new Secret(HIDDEN) : value;
}

/** {@link decoded} for the inputs or outputs of a resource. Keys for the engine's own use (`__defaults`) are left out. */
export function decodedFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([key, value]) => value !== undefined && !key.startsWith("__"))
      .map(([key, value]) => [key, decoded(value)]),
  );
}

function decodedSpecial(signature: unknown, value: Record<string, unknown>): unknown {
  switch (signature) {
    case SIGNED_SECRET:
      if ("value" in value) return new Secret(decoded(value["value"]));
      return new Secret(typeof value["plaintext"] === "string" ? decoded(JSON.parse(value["plaintext"])) : HIDDEN);
    case SIGNED_OUTPUT: {
      const inner = "value" in value ? decoded(value["value"]) : UNKNOWN;
      return value["secret"] === true ? new Secret(inner) : inner;
    }
    case SIGNED_REFERENCE:
      return value["id"] === undefined || value["id"] === "" ? UNKNOWN : decoded(value["id"]);
    default:
      return new Asset(["path", "uri"].map((key) => value[key]).find((from) => typeof from === "string") ?? "text");
  }
}

/** True for an object with keys: neither a list nor one of the classes of this file. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
