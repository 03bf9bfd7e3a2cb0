import type { HorizontalPodAutoscalerArgs } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import type { NetworkPolicyArgs } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { type Property, UnknownInput } from "../framework/property.ts";
import type { Resource, ResourceWith } from "../framework/resource.ts";
import type { Stack } from "../framework/stack.ts";

type Labels = Readonly<Record<string, string>>;

interface Meta {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly labels?: Labels };
}

/** What every object of Kubernetes says of itself. */
export function metadataOf(resource: ResourceWith<unknown>): Property<NonNullable<Meta["metadata"]>> {
  return resource.as<Meta>().at("metadata");
}

const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";

/** The autoscalers that decide how many pods a workload has. @throws UnknownInput when one may yet be of this workload */
export function autoscalersOf(workload: ResourceWith<unknown>, stack: Stack): Resource<HorizontalPodAutoscalerArgs>[] {
  return named<HorizontalPodAutoscalerArgs>(workload, stack, AUTOSCALER, (scaler) => scaler.at("spec", "scaleTargetRef", "name"));
}

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

/** The network policies of a namespace. @throws UnknownInput when one may yet be of this namespace */
export function policiesIn(namespace: ResourceWith<unknown>, stack: Stack): Resource<NetworkPolicyArgs>[] {
  return named<NetworkPolicyArgs>(namespace, stack, POLICY, (policy) => metadataOf(policy).at("namespace"), "metadata");
}

/**
 * The objects of a type that name another: by the engine's knowledge of where the name comes from, or by the name itself in the
 * same namespace.
 */
function named<Args>(
  target: ResourceWith<unknown>,
  stack: Stack,
  type: string,
  nameIn: (resource: Resource<Args>) => Property<string>,
  part: "metadata" | "spec" = "spec",
): Resource<Args>[] {
  const open: UnknownInput[] = [];
  const found = stack.ofType<Args>(type).filter((each) => {
    const { [part]: sources = [] } = each.propertyDependencies;
    if (sources.includes(target.urn)) return true;
    try {
      const name = nameIn(each).value;
      return name !== undefined && name === known(() => metadataOf(target).at("name").value);
    } catch (error) {
      if (!(error instanceof UnknownInput)) throw error;
      // The engine knows that the name comes from another object.
      if (sources.length === 0) open.push(new UnknownInput(`${each.name}.${error.path}`, error.why));
      return false;
    }
  });
  const [first] = open;
  if (found.length === 0 && first !== undefined) throw first;
  return found;
}

/** Whether a selector of labels covers these labels (Kubernetes, "Labels and Selectors"; `matchExpressions` covers none here). */
export function selects(selector: Property<unknown>, labels: Labels): boolean {
  const matches = selector.as<{ readonly matchLabels?: Labels }>().at("matchLabels");
  const wanted = matches.entries.map(([key, value]) => [key, value.value] as const);
  return selector.isSet && wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownInput) return undefined;
    throw error;
  }
}
