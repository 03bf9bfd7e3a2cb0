import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Unwrap } from "@pulumi/pulumi";
import type { Check } from "../framework/check.ts";
import type { Property } from "../framework/property.ts";
import type { ResourceWith } from "../framework/resource.ts";

/** The specification of a pod, wherever it stands. */
export type PodSpec = Unwrap<input.core.v1.PodSpec>;
/** A container of a pod. */
export type Container = Unwrap<input.core.v1.Container>;

interface Templated {
  readonly spec?: { readonly template?: { readonly spec?: PodSpec } };
}

const templated = (workload: ResourceWith<unknown>): Property<PodSpec> => workload.as<Templated>().at("spec", "template", "spec");

/** Where each kind of workload keeps the specification of its pods. */
const PODS: Readonly<Record<string, (workload: ResourceWith<unknown>) => Property<PodSpec>>> = {
  "kubernetes:apps/v1:Deployment": templated,
  "kubernetes:apps/v1:StatefulSet": templated,
  "kubernetes:apps/v1:DaemonSet": templated,
  "kubernetes:batch/v1:Job": templated,
  "kubernetes:batch/v1:CronJob": (workload) =>
    workload
      .as<{ readonly spec?: { readonly jobTemplate?: Templated } }>()
      .at("spec", "jobTemplate", "spec")
      .at("template", "spec"),
  "kubernetes:core/v1:Pod": (pod) => pod.as<{ readonly spec?: PodSpec }>().at("spec"),
};

/** The `resources` of a rule about pods, of whatever kind of workload. @param kinds @default - all */
export function ofPods<Config>(
  judge: (pod: Property<PodSpec>, check: Check<Config>, workload: ResourceWith<unknown>) => void,
  kinds: readonly string[] = Object.keys(PODS),
) {
  return Object.fromEntries(
    Object.entries(PODS)
      .filter(([type]) => kinds.includes(type))
      .map(([type, podOf]) => [
        type,
        (workload: ResourceWith<unknown>, check: Check<Config>) => {
          judge(podOf(workload), check, workload);
        },
      ]),
  );
}

/** {@link ofPods} for each container of a pod, also those that run before the others. */
export function ofContainers<Config>(
  judge: (container: Property<Container>, check: Check<Config>, pod: Property<PodSpec>) => void,
  { before = true, kinds = Object.keys(PODS) }: { readonly before?: boolean; readonly kinds?: readonly string[] } = {},
) {
  return ofPods<Config>((pod, check) => {
    check.each(pod.at("containers"), (container) => judge(container, check, pod));
    if (before) check.each(pod.at("initContainers"), (container) => judge(container, check, pod));
  }, kinds);
}

/** The workloads that run until they are stopped. */
export const SERVING = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet"];
