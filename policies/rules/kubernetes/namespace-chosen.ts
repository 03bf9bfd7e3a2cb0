import type { Check } from "../../framework/check.ts";
import type { ResourceWith } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { metadataOf } from "../../shared/cluster.ts";

const KINDS = [
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:batch/v1:Job",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:core/v1:Secret",
  "kubernetes:core/v1:Service",
];

export default rule({
  id: "namespace-chosen",
  title: "Workloads, services and secrets stand in a namespace of their own",
  severity: "medium",
  description: "Rights, quotas and network policies are given by namespace; in the default one everything may reach everything.",
  remediation: "Set metadata.namespace to a Namespace of the product.",
  controls: { cisKubernetes: ["5.7.1", "5.7.4"], wellArchitected: ["SEC05"] },
  resources: Object.fromEntries(KINDS.map((type) => [type, judge])),
});

function judge(resource: ResourceWith<unknown>, { fail }: Check<unknown>): void {
  const namespace = metadataOf(resource).at("namespace");
  // One that is made in the same program is not the default one.
  const { metadata: sources = [] } = resource.propertyDependencies;
  if (sources.some((urn) => urn.includes("kubernetes:core/v1:Namespace::"))) return;
  if (["", "default"].includes(namespace.value ?? ""))
    fail(namespace, `metadata.namespace is ${namespace.shown}`, "it must name one of its own");
}
