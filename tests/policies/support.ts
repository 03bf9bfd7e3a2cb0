import {
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";

/** What stands in for a value that a preview does not know (@pulumi/policy, proxy.js). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A rule's three answers: faults found, whether something could not be known, and whether the rule is about the resource at all. */
export interface Answer {
  readonly faults: readonly string[];
  readonly unknown?: string;
  readonly applicable: boolean;
}

class NotApplicable extends Error {}

const proxied = unknownCheckingProxy as (props: Record<string, unknown>) => Record<string, unknown>;

/** The circumstances in which a rule is asked. */
export interface Circumstances {
  /** @default "prod" */
  readonly stack?: string;
  /** The pack's configuration of this rule. @default {} */
  readonly config?: object;
}

/** Asks a resource rule about one resource, as the pack's server does. */
export async function ask(
  rule: ResourceValidationPolicy,
  type: string,
  inputs: Record<string, unknown>,
  { stack = "prod", config = {} }: Circumstances = {},
): Promise<Answer> {
  if (typeof rule.validateResource !== "function") throw new Error(`rule ${rule.name} is not a single function`);
  const props = proxied(inputs);
  const args = {
    type,
    props,
    urn: `urn:pulumi:${stack}::platform::${type}::thing`,
    name: "thing",
    opts: { protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [], customTimeouts: noTimeouts },
    stackTags: new Map(),
    isType: (resourceClass) => (resourceClass as unknown as { __pulumiType: string }).__pulumiType === type,
    asType: () => undefined,
    getConfig: configured(config),
    notApplicable: (reason?: string): never => {
      throw new NotApplicable(reason);
    },
  } satisfies ResourceValidationArgs;
  const { validateResource } = rule;
  return collect((report) => validateResource(args, report));
}

/** One resource of a stack, for {@link askStack}. */
export interface StackResource {
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
  /** Input → names of the resources whose outputs it is made of. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

/** Asks a stack rule about a whole stack. Faults read `NAME: message`. */
export async function askStack(rule: StackValidationPolicy, described: readonly StackResource[]): Promise<Answer> {
  const urnOf = (name: string): string => `urn:pulumi:prod::platform::type::${name}`;
  const resources = described.map(
    ({ type, name, props }) =>
      ({
        type,
        name,
        urn: urnOf(name),
        props: proxied(props),
        opts: { protect: false, ignoreChanges: [], aliases: [], additionalSecretOutputs: [], customTimeouts: noTimeouts },
        dependencies: [],
        propertyDependencies: {},
        isType: (resourceClass) => (resourceClass as unknown as { __pulumiType: string }).__pulumiType === type,
        asType: () => undefined,
      }) satisfies PolicyResource as PolicyResource,
  );
  const named = new Map(resources.map((resource) => [resource.name, resource]));
  for (const { name, from = {} } of described)
    for (const [input, sources] of Object.entries(from)) {
      const holder = named.get(name);
      if (holder !== undefined) holder.propertyDependencies[input] = sources.flatMap((source) => named.get(source) ?? []);
    }
  const args = {
    resources,
    stackTags: new Map<string, string>(),
    getConfig: configured({}),
    notApplicable: (reason?: string): never => {
      throw new NotApplicable(reason);
    },
  };
  return collect((report) =>
    rule.validateStack(args, (message, urn) => {
      report(`${urn?.split("::").at(-1) ?? "stack"}: ${message}`);
    }),
  );
}

/** The SDK lets each rule say what its configuration looks like. */
function configured(config: object): ResourceValidationArgs["getConfig"] {
  return (() => config) as ResourceValidationArgs["getConfig"];
}

const noTimeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

async function collect(run: (report: (message: string) => void) => Promise<void> | void): Promise<Answer> {
  const faults: string[] = [];
  try {
    await run((message) => faults.push(message));
  } catch (error) {
    if (error instanceof NotApplicable) return { faults, applicable: false };
    if (error instanceof Error && error.message.includes("can't be known during preview"))
      return { faults, applicable: true, unknown: error.message };
    throw error;
  }
  return { faults, applicable: true };
}

/** An answer that finds nothing wrong. */
export const CLEAN: Answer = { faults: [], applicable: true };

/** The answer of a rule that is not about the resource. */
export const NOT_APPLICABLE: Answer = { faults: [], applicable: false };

/** An answer with exactly these faults. */
export function found(...faults: string[]): Answer {
  return { faults, applicable: true };
}

/** An answer that could not be given, because the named input is not known, after the faults that were. */
export function unknownAt(path: string, ...faults: string[]): Answer {
  return { faults, applicable: true, unknown: `string value at .${path} can't be known during preview` };
}
