import type { Rule } from "../../../policies/framework/rule.ts";
import { isRecord } from "../../../policies/framework/values.ts";
import { type Case, type Cases, type FixtureResource, type RuleCases } from "./cases.ts";
import { mutationsOf } from "./edges.ts";

/** Where each kind of workload keeps the specification of its pods. */
const NESTING: Readonly<Record<string, readonly string[]>> = {
  "kubernetes:apps/v1:Deployment": ["spec", "template", "spec"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template", "spec"],
  "kubernetes:batch/v1:Job": ["spec", "template", "spec"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
  "kubernetes:core/v1:Pod": ["spec"],
};

type Pod = Readonly<Record<string, unknown>>;

interface PodCases {
  /** The first is tried in every kind of workload. */
  readonly good: Readonly<Record<string, Pod>>;
  /** `@` in a message stands for where the pod stands. The first is tried in every kind of workload. */
  readonly bad: Readonly<Record<string, { readonly pod: Pod; readonly says: string | readonly string[] } & Pick<Case, "config">>>;
  readonly open: Readonly<Record<string, { readonly pod: Pod; readonly open: string; readonly says?: string }>>;
  readonly survives?: Cases["survives"];
}

/** The cases of a rule about pods: each in a Deployment, the first of each also in every other kind of workload. */
export function podCases(rule: Rule, { bad, good, open, survives = {} }: PodCases): RuleCases {
  const types = [...rule.checks.keys()];
  const [main = ""] = types;
  const inside = (type: string, pod: Pod): FixtureResource => [type, nested(NESTING[type] ?? [], pod)];
  const placed = (type: string, text: string): string => text.replaceAll("@", (NESTING[type] ?? []).join("."));
  const lines = (type: string, says: string | readonly string[]): string[] =>
    (typeof says === "string" ? [says] : says).map((line) => placed(type, line));
  const everywhere = <T>(group: Readonly<Record<string, T>>, make: (type: string, each: T) => Case): Record<string, Case> =>
    Object.fromEntries(
      Object.entries(group).flatMap(([title, each], at) =>
        (at === 0 ? types : [main]).map((type) => [
          `${title}${type === main ? "" : `, in a ${type.split(":")[2] ?? ""}`}`,
          make(type, each),
        ]),
      ),
    );
  const cases: RuleCases = {
    rule,
    passes: everywhere(good, (type, pod) => ({ given: inside(type, pod) })),
    fails: everywhere(bad, (type, { config, pod, says }) => ({
      given: inside(type, pod),
      says: lines(type, says),
      ...(config === undefined ? {} : { config }),
    })) as Cases["fails"],
    unknown: everywhere(open, (type, each) => ({
      given: inside(type, each.pod),
      open: placed(type, each.open),
      ...(each.says === undefined ? {} : { says: placed(type, each.says) }),
    })) as Cases["unknown"],
    survives,
  };
  return { ...cases, survives: { ...survives, ...withoutContainers(cases, types) } };
}

/** Kubernetes refuses a pod that has no containers, so mutants that leave none are harmless. */
function withoutContainers(cases: RuleCases, types: readonly string[]): Record<string, string> {
  const places = types.flatMap((type) => {
    const path = NESTING[type] ?? [];
    const outer = path.map((_key, at) => path.slice(0, at + 1).join("."));
    const pod = path.join(".");
    return [...outer, ...["containers", "containers[0]", "initContainers", "initContainers[0]"].map((key) => `${pod}.${key}`)];
  });
  const gone = new Set(places.flatMap((place) => [`${place}: left out`, `${place}: empty`]));
  const missed = mutationsOf(cases).missed.map((name) => name.replace(/ \(in: .*$/, ""));
  return Object.fromEntries(
    missed.filter((name) => gone.has(name)).map((name) => [name, "Kubernetes refuses a pod without containers"]),
  );
}

function nested(path: readonly string[], pod: Pod): Record<string, unknown> {
  const made = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), pod);
  return isRecord(made) ? made : {};
}
