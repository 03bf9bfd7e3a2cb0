import { UnknownInput } from "./property.ts";
import { type Resource, type ResourceFacts, ResourceWith } from "./resource.ts";

/** Outputs by which one resource names another in an input. */
const IDENTITIES = ["id", "arn", "name", "bucket", "identifier", "stageName", "url"] as const;

/** Resources of one type by what one of their inputs points at. */
interface Links {
  readonly byUrn: ReadonlyMap<string, readonly ResourceWith<unknown>[]>;
  readonly byValue: ReadonlyMap<string, readonly ResourceWith<unknown>[]>;
  /** Those that point at something which is not known. */
  readonly unclear: readonly (readonly [ResourceWith<unknown>, UnknownInput])[];
}

/** All resources of a stack. Every question costs no more than its answer is long: the indexes are made once. */
export class Stack {
  readonly resources: readonly ResourceWith<unknown>[];
  readonly #byType: ReadonlyMap<string, readonly ResourceWith<unknown>[]>;
  readonly #byUrn: ReadonlyMap<string, ResourceWith<unknown>>;
  readonly #links = new Map<string, Links>();
  readonly #byIdentity = new Map<string, ReadonlyMap<string, readonly ResourceWith<unknown>[]>>();

  constructor(facts: readonly ResourceFacts[]) {
    this.resources = facts.map((each) => new ResourceWith<unknown>(each));
    this.#byType = Map.groupBy(this.resources, ({ type }) => type);
    this.#byUrn = new Map(this.resources.map((resource) => [resource.urn, resource]));
  }

  /** The resources of a type, by its token. */
  ofType<Args>(token: string): readonly Resource<Args>[] {
    return asArgs(this.#byType.get(token) ?? []);
  }

  /** A resource by its URN. */
  get(urn: string): ResourceWith<unknown> | undefined {
    return this.#byUrn.get(urn);
  }

  /**
   * The resources of a type, or of several, whose input `property` (or an item of it) names `target`: its outputs went into
   * that input, or the input
   * holds its id, ARN or name.
   * @param least how many the rule needs. @default 1
   * @throws UnknownInput when there are fewer, but the input of one is not known and may yet name the target.
   */
  linked<Args>(
    tokens: string | readonly string[],
    property: keyof Args & string,
    target: ResourceWith<unknown>,
    least = 1,
  ): readonly Resource<Args>[] {
    const links = (typeof tokens === "string" ? [tokens] : tokens).map((token) => this.#linksOf(token, property));
    const identities = [...identitiesOf(target)];
    const found = new Set(
      links.flatMap(({ byUrn, byValue }) => [
        ...(byUrn.get(target.urn) ?? []),
        ...identities.flatMap((identity) => byValue.get(identity) ?? []),
      ]),
    );
    const [unclear] = links.flatMap((each) => each.unclear);
    if (found.size < least && unclear !== undefined) throw unclear[1];
    return asArgs([...found]);
  }

  /**
   * The resources of a type that an input of `source` (or an item of it) names; {@link linked} the other way round.
   * @throws UnknownInput when the input is not known, and neither is where it comes from.
   */
  namedBy<Args>(source: ResourceWith<unknown>, property: string, token: string): readonly Resource<Args>[] {
    const urns = source.propertyDependencies[property] ?? [];
    const made = urns.flatMap((urn) => this.#byUrn.get(urn) ?? []).filter(({ type }) => type === token);
    if (made.length > 0) return asArgs(made);
    const index = this.#byIdentity.get(token) ?? byIdentity(this.ofType(token));
    this.#byIdentity.set(token, index);
    const read = (): unknown[] =>
      source
        .as<Record<string, unknown>>()
        .at(property)
        .items.map(({ value }) => value);
    const values = urns.length > 0 ? (known(read) ?? []) : read();
    return asArgs([...new Set(values.flatMap((value) => (typeof value === "string" ? (index.get(value) ?? []) : [])))]);
  }

  #linksOf(token: string, property: string): Links {
    const key = `${token} ${property}`;
    const made = this.#links.get(key) ?? linksOf(this.ofType(token), property);
    this.#links.set(key, made);
    return made;
  }
}

/** The type token says what the inputs are; only the rule that asks knows the provider's name for it. */
function asArgs<Args>(resources: readonly unknown[]): readonly Resource<Args>[] {
  return resources as readonly Resource<Args>[];
}

function linksOf(resources: readonly ResourceWith<unknown>[], property: string): Links {
  const byUrn = new Map<string, ResourceWith<unknown>[]>();
  const byValue = new Map<string, ResourceWith<unknown>[]>();
  const unclear: [ResourceWith<unknown>, UnknownInput][] = [];
  const put = (map: Map<string, ResourceWith<unknown>[]>, key: string, resource: ResourceWith<unknown>): void => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [resource]);
    else list.push(resource);
  };
  for (const resource of resources) {
    const sources = resource.propertyDependencies[property] ?? [];
    for (const urn of sources) put(byUrn, urn, resource);
    try {
      for (const { value } of resource.as<Record<string, unknown>>().at(property).items)
        if (typeof value === "string") put(byValue, value, resource);
    } catch (error) {
      if (!(error instanceof UnknownInput)) throw error;
      // The engine knows where an unknown value comes from; only one without a known source may be anything.
      if (sources.length === 0) unclear.push([resource, new UnknownInput(`${resource.name}.${error.path}`, error.why)]);
    }
  }
  return { byUrn, byValue, unclear };
}

/** Resources by what an input may hold that names them. */
function byIdentity(resources: readonly ResourceWith<unknown>[]): Map<string, ResourceWith<unknown>[]> {
  const pairs = resources.flatMap((resource) => [...new Set(identitiesOf(resource))].map((identity) => ({ identity, resource })));
  return new Map(
    [...Map.groupBy(pairs, ({ identity }) => identity)].map(([identity, each]) => [
      identity,
      each.map(({ resource }) => resource),
    ]),
  );
}

/** What an input may hold that names this resource, as far as it is known. */
function* identitiesOf(target: ResourceWith<unknown>): Generator<string> {
  for (const from of [target.outputs, target.as<Record<string, unknown>>()])
    for (const key of IDENTITIES) {
      const value = known(() => from.at(key).value);
      if (typeof value === "string" && value !== "") yield value;
    }
}

function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownInput) return undefined;
    throw error;
  }
}
