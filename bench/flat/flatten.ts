/** One resource as the flat program declares it. */
export interface FlatResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: unknown;
  readonly protect: boolean;
}

/** A resource as `pulumi stack export` gives it, as far as it is read here. */
interface Exported {
  readonly urn: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly protect?: boolean;
}

/** A deployment as `pulumi stack export` gives it, as far as it is read here. */
export interface Deployment {
  readonly deployment: { readonly resources: readonly Exported[] };
}

const PROJECT = "flat";

/**
 * Turns the deployment of a stack, exported with its secrets in plain, into that of a flat program: every custom resource under the stack
 * itself, in the same order. Both together let the engine preview the same resources without one component.
 */
export function flatten(
  exported: Deployment,
  stack: string,
): { readonly deployment: Deployment; readonly resources: FlatResource[] } {
  const { resources } = exported.deployment;
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  if (root === undefined) throw new Error("the exported deployment holds no stack");
  const renamed = new Map(resources.map((resource, index) => [resource.urn, flatUrn(resource, index, stack)]));
  const kept = resources.filter(({ custom, type }) => custom === true || type === root.type);
  const flat = kept.map((resource) => ({
    ...(rename(resource, renamed) as Exported),
    ...(resource.urn !== root.urn && { parent: renamed.get(root.urn) }),
  }));
  const declared = kept
    .map((resource) => ({ ...resource, urn: renamed.get(resource.urn) ?? "" }))
    .filter(({ type }) => !type.startsWith("pulumi:"))
    .map(({ urn, type, inputs, protect }) => ({
      type,
      name: urn.split("::").at(-1) ?? "",
      inputs: withoutMarks(inputs),
      protect: protect ?? false,
    }));
  return { deployment: { ...exported, deployment: { ...exported.deployment, resources: flat } }, resources: declared };
}

/** Names that differ only by their parents would meet: each gets its place in the order. Providers keep the names that the engine gave them. */
function flatUrn({ urn, type }: Exported, index: number, stack: string): string {
  const name = urn.split("::").at(-1) ?? "";
  if (type === "pulumi:pulumi:Stack") return `urn:pulumi:${stack}::${PROJECT}::${type}::${PROJECT}-${stack}`;
  return `urn:pulumi:${stack}::${PROJECT}::${type}::${type.startsWith("pulumi:") ? name : `${name}-${String(index)}`}`;
}

/** Every URN anywhere in a value, also before a `::id` as providers are referred to, replaced by its new one; those of components fall away from lists. */
function rename(value: unknown, renamed: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") {
    const whole = renamed.get(value);
    if (whole !== undefined) return whole;
    const cut = value.lastIndexOf("::");
    const provider = cut < 0 ? undefined : renamed.get(value.slice(0, cut));
    return provider === undefined ? value : `${provider}${value.slice(cut)}`;
  }
  if (Array.isArray(value)) return value.map((item) => rename(item, renamed));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item, renamed)]));
}

/** What Pulumi puts around a secret that is exported in plain (sdk/go/common/resource/sig, `SecretSig`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Inputs as a program gives them: secrets unwrapped, and without what the provider SDK wrote down for itself. */
function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (value === null || typeof value !== "object") return value;
  const entries = value as Record<string, unknown>;
  if (SIGNATURE in entries) return JSON.parse(entries["plaintext"] as string) as unknown;
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([key]) => key !== "__defaults")
      .map(([key, item]) => [key, withoutMarks(item)]),
  );
}
