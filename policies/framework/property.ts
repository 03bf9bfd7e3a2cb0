import { Asset, isRecord, Secret, Unknown } from "./values.ts";

/**
 * Thrown where a rule needs a value that is not known. It ends the part of the check that asked, and becomes the answer
 * "unknown".
 */
export class UnknownInput extends Error {
  /** The input that is not known, such as `ingress[0].cidrBlocks`. */
  readonly path: string;
  /** Ends the sentence "PATH is ...". */
  readonly why: string;

  constructor(path: string, why: string) {
    super(`${path} is ${why}`);
    this.path = path;
    this.why = why;
  }
}

type Given<T> = NonNullable<T>;
/** What a list holds; a single value stands for a list of one. */
export type Item<T> = T extends readonly (infer Each)[] ? Given<Each> : T;

/** How a path goes on from `parent` to `key`. */
function joined(parent: string, key: string): string {
  if (!/^[\w$-]+$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === "" ? key : `${parent}.${key}`;
}

/**
 * An input of a resource, or a part of one, and where it stands.
 *
 * What it holds can be reached only by members that throw {@link UnknownInput} when the answer would rest on a value that is
 * not known.
 * So a rule cannot take "unknown" for "absent" or for "right" by mistake.
 */
export class Property<out T> {
  /** Where it stands in the resource, such as `metadataOptions.httpTokens`. Empty for the resource itself. */
  readonly path: string;
  /** True when the program marked it, or something around it, as secret. */
  readonly isSecret: boolean;
  readonly #raw: unknown;
  readonly #fallback: string | undefined;

  /** @param fallback what the absence of the value means, for messages. @default - nothing in particular */
  constructor(raw: unknown, path = "", { fallback, secret = false }: { fallback?: string; secret?: boolean } = {}) {
    this.isSecret = secret || raw instanceof Secret;
    this.#raw = raw instanceof Secret ? raw.value : raw;
    this.path = path;
    this.#fallback = fallback;
  }

  /** A part of it, by the keys that lead there. Absent when something on the way is; unknown when something on the way is. */
  at<A extends keyof T & string>(a: A): Property<Given<T[A]>>;
  at<A extends keyof T & string, B extends keyof Given<T[A]> & string>(a: A, b: B): Property<Given<Given<T[A]>[B]>>;
  at<A extends keyof T & string, B extends keyof Given<T[A]> & string, C extends keyof Given<Given<T[A]>[B]> & string>(
    a: A,
    b: B,
    c: C,
  ): Property<Given<Given<Given<T[A]>[B]>[C]>>;
  at(...keys: readonly string[]): Property<unknown> {
    return keys.reduce<Property<unknown>>((from, key) => from.#child(key), this);
  }

  /** Its value with everything in it, or undefined when it is absent. @throws UnknownInput when any part of it is not known. */
  get value(): T | undefined {
    return plain(this.#raw, this.path) as T | undefined;
  }

  /** Whether it is there and not empty (`""`, `[]`, `{}`). Looks at nothing inside. @throws UnknownInput when it is not known. */
  get isSet(): boolean {
    const raw = this.#known();
    if (raw === undefined || raw === null || raw === "") return false;
    if (Array.isArray(raw)) return raw.length > 0;
    return !isRecord(raw) || Object.keys(raw).length > 0;
  }

  /**
   * The items of a list; none when it is absent. A single value counts as a list of one. @throws UnknownInput when the list is
   * not known.
   */
  get items(): Property<Item<T>>[] {
    const raw = this.#known();
    if (raw === undefined || raw === null) return [];
    if (!Array.isArray(raw)) return [this as unknown as Property<Item<T>>];
    return raw.map((item, at) => new Property<Item<T>>(item, `${this.path}[${String(at)}]`, { secret: this.isSecret }));
  }

  /** Keys and parts of an object; none when it is absent. @throws UnknownInput when the object itself is not known. */
  get entries(): [string, Property<unknown>][] {
    const raw = this.#known();
    return isRecord(raw) ? Object.keys(raw).map((key) => [key, this.#child(key)]) : [];
  }

  /** The same property, with the value that its absence stands for. @param means whose default it is, for messages */
  or(value: unknown, means = `which means ${JSON.stringify(value)}`): Property<T> {
    const absent = this.#raw === undefined || this.#raw === null;
    return absent ? new Property<T>(value, this.path, { fallback: means, secret: this.isSecret }) : this;
  }

  /** The same property seen as something else, for a check that knows better than the provider's type. */
  as<Other>(): Property<Other> {
    return this as unknown as Property<Other>;
  }

  /** How a message shows it: JSON, "nothing" when it is absent, and never a secret. Long values are cut. */
  get shown(): string {
    if (this.#fallback !== undefined) return `nothing, ${this.#fallback}`;
    if (this.#raw === undefined || this.#raw === null) return "nothing";
    if (this.isSecret) return "a secret";
    const text = JSON.stringify(this.#raw, (_key, value: unknown) => {
      if (value instanceof Unknown) return "(unknown)";
      if (value instanceof Secret) return "(secret)";
      return value instanceof Asset ? `(file ${value.from})` : value;
    });
    return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN)}…`;
  }

  #child(key: string): Property<unknown> {
    const path = joined(this.path, key);
    const secret = this.isSecret;
    // The part of something unknown is unknown; the path then says what has to be known first.
    if (this.#raw instanceof Unknown) return new Property(this.#raw, this.path === "" ? path : this.path, { secret });
    return new Property(isRecord(this.#raw) ? this.#raw[key] : undefined, path, { secret });
  }

  #known(): unknown {
    if (this.#raw instanceof Unknown) throw new UnknownInput(this.path, this.#raw.why);
    return this.#raw;
  }
}

const LONGEST_SHOWN = 100;

/** @throws UnknownInput naming the first part that is not known. */
function plain(raw: unknown, path: string): unknown {
  if (raw instanceof Unknown) throw new UnknownInput(path, raw.why);
  if (raw instanceof Secret) return plain(raw.value, path);
  if (raw === null) return undefined;
  if (Array.isArray(raw)) return raw.map((item, at) => plain(item, `${path}[${String(at)}]`));
  if (!isRecord(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [key, plain(value, joined(path, key))]));
}
