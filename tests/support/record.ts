import assert from "node:assert/strict";
import { output, runtime } from "@pulumi/pulumi";
import { computedOutputs } from "./computed-outputs.ts";

/** One resource that a program asked for. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** With the whole chain of parents, as the engine makes it. */
  readonly urn: string;
  /** What the program gave, with every Output resolved and secrets unwrapped. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
  /** Whether it stays in the cloud when it leaves the stack; what it is the parent of stays as well. */
  readonly retainOnDelete: boolean;
  /** Inputs whose change replaces the resource, whatever the provider thinks. */
  readonly replaceOnChanges: readonly string[];
  /** By input, the URNs of the resources of whose outputs it is made. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Names of the resources that must be there first: the ones whose outputs it uses, and `dependsOn`. */
  readonly dependencies: readonly string[];
}

/** What a run of a program gave. */
export interface Run {
  /** In order of registration, without the stack itself. */
  readonly resources: Recorded[];
  /** What the program returned, with every Output resolved; undefined in a preview, which knows too little of it. */
  readonly result: unknown;
  /** URNs of the components that said that they are complete (`registerOutputs`). */
  readonly completed: readonly string[];
}

/** A registration as it goes to the engine, as far as it is read here. */
interface Registration {
  getType: () => string;
  getName: () => string;
  getParent: () => string;
  getProtect: () => boolean | undefined;
  getRetainondelete: () => boolean | undefined;
  getReplaceonchangesList: () => string[];
  getDependenciesList: () => string[];
  getPropertydependenciesMap: () => {
    forEach: (take: (dependencies: { getUrnsList: () => string[] }, property: string) => void) => void;
  };
}

/** The part of Pulumi's Output that tells whether it will ever have a value. */
interface Resolvable {
  readonly isKnown: Promise<boolean>;
  promise: () => Promise<unknown>;
}

/** The part of Pulumi's mock engine that is watched. */
interface MockEngine {
  newUrn: (parent: string, type: string, name: string) => string;
  registerResource: (registration: Registration, ...rest: unknown[]) => unknown;
  registerResourceOutputs: (request: { getUrn: () => string }, ...rest: unknown[]) => unknown;
}

/** How a program is run. */
export interface Circumstances {
  /** As a first preview: nothing that a cloud computes is known, so nothing that waits for it happens. @default false */
  readonly preview?: boolean;
}

const PROJECT = "platform";
const STACK = "test";
const ROOT = "pulumi:pulumi:Stack";

/**
 * Runs a Pulumi program without an engine.
 *
 * Rejects with what the program throws.
 *
 * Mocks can't prove that a cloud accepts the inputs, nor what an engine would replace; the engine tests do.
 */
export async function run(program: () => unknown, { preview = false }: Circumstances = {}): Promise<Run> {
  const registrations: Registration[] = [];
  const completed: string[] = [];
  const inputs = new Map<string, Readonly<Record<string, unknown>>>();
  await runtime.setMocks(
    {
      newResource: ({ inputs: given, name, type }) => {
        const plain = { ...(given as Record<string, unknown>) };
        inputs.set(`${type} ${name}`, plain);
        return preview
          ? { id: undefined, state: plain }
          : { id: `${name}-id`, state: { ...plain, ...computedOutputs(type, name) } };
      },
      call: ({ token }) => {
        throw new Error(`the program looks up ${token}; a preview must need no look-up`);
      },
    },
    PROJECT,
    STACK,
    preview,
  );
  const engine = runtime.getMonitor() as unknown as MockEngine;
  watch(engine, registrations, completed);

  let returned: Resolvable | undefined;
  let refusal: { readonly error: unknown } | undefined;
  await runtime.runInPulumiStack(async () => {
    try {
      returned = output((await program()) as object) as unknown as Resolvable;
    } catch (error) {
      // Thrown on to Pulumi, it would come back twice: as the run's error and as a rejection that nobody handles.
      refusal = { error };
    }
  });
  // Waits until every registration and everything that hangs on one is through.
  await runtime.disconnect();
  if (refusal !== undefined) throw refusal.error;
  const result = (await returned?.isKnown) === true ? await returned?.promise() : undefined;

  const kept = retained(registrations, engine);
  const resources = registrations
    .filter((registration) => registration.getType() !== ROOT)
    .map((registration) => recorded(registration, engine, inputs, kept));
  return { resources, result, completed };
}

/** {@link run}, for tests that ask only what was registered. */
export async function record(program: () => unknown): Promise<Recorded[]> {
  return (await run(program)).resources;
}

/** The one resource of that logical name that is not a component; `type` (its last part) where the name alone is not enough. */
export function only(resources: readonly Recorded[], name: string, type = ""): Recorded {
  const found = resources.filter((one) => one.name === name && !one.type.startsWith("platform:") && one.type.endsWith(type));
  const [first] = found;
  assert.ok(first !== undefined && found.length === 1, `${found.length} resources are named ${name}`);
  return first;
}

/** Pulumi's mock engine hands on neither parents nor options, and knows one parent in a URN; so registrations are read on their way. */
function watch(engine: MockEngine, registrations: Registration[], completed: string[]): void {
  const complete = engine.registerResourceOutputs.bind(engine);
  engine.registerResourceOutputs = (request, ...rest) => {
    completed.push(request.getUrn());
    return complete(request, ...rest);
  };
  const register = engine.registerResource.bind(engine);
  engine.registerResource = (registration, ...rest) => {
    registrations.push(registration);
    return register(registration, ...rest);
  };
  engine.newUrn = (parent, type, name) => {
    const chain = parent === "" ? "" : (parent.split("::")[2] ?? "");
    const types = chain === "" || chain === ROOT ? type : `${chain}$${type}`;
    return `urn:pulumi:${STACK}::${PROJECT}::${types}::${name}`;
  };
}

/** The URNs of what is retained, parents before their children: the engine hands the option down. */
function retained(registrations: readonly Registration[], engine: MockEngine): ReadonlySet<string> {
  const urns = new Set<string>();
  for (const registration of registrations)
    if (registration.getRetainondelete() === true || urns.has(registration.getParent()))
      urns.add(engine.newUrn(registration.getParent(), registration.getType(), registration.getName()));
  return urns;
}

function recorded(
  registration: Registration,
  engine: MockEngine,
  inputs: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  kept: ReadonlySet<string>,
): Recorded {
  const type = registration.getType();
  const name = registration.getName();
  const urn = engine.newUrn(registration.getParent(), type, name);
  const propertyDependencies: Record<string, string[]> = {};
  registration.getPropertydependenciesMap().forEach((dependencies, property) => {
    propertyDependencies[property] = dependencies.getUrnsList();
  });
  return {
    type,
    name,
    urn,
    retainOnDelete: kept.has(urn),
    inputs: inputs.get(`${type} ${name}`) ?? {},
    protect: registration.getProtect() ?? false,
    propertyDependencies,
    replaceOnChanges: registration.getReplaceonchangesList(),
    dependencies: registration.getDependenciesList().map((urn) => urn.split("::").at(-1) ?? urn),
  };
}
