import { isProps, type Props, text, type Value } from "../../core/values.ts";
import { invalidCombination, invalidValue } from "./types.ts";

interface Parameter {
  readonly default: string;
  /** What is allowed, in the words of the documentation. */
  readonly allowed: string;
  readonly takes: (value: string) => boolean;
  /** Whether the sandbox hands it to the engine. @default false */
  readonly handed?: true;
}

const POLICIES = [
  "volatile-lru",
  "allkeys-lru",
  "volatile-lfu",
  "allkeys-lfu",
  "volatile-random",
  "allkeys-random",
  "volatile-ttl",
  "noeviction",
];

const oneOf = (...values: string[]) => ({ allowed: values.join(","), takes: (value: string) => values.includes(value) });
const between = (least: number, most: number) => ({
  allowed: `${String(least)}-${String(most)}`,
  takes: (value: string) => /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most,
});
const anyText = { allowed: "text", takes: () => true };

/** What a parameter group may set. Source: ElastiCache user guide, "Valkey and Redis OSS parameters". */
const PARAMETERS: Readonly<Record<string, Parameter>> = {
  activedefrag: { default: "no", ...oneOf("yes", "no") },
  "cluster-enabled": { default: "no", ...oneOf("yes", "no") },
  "lazyfree-lazy-eviction": { default: "yes", ...oneOf("yes", "no"), handed: true },
  "lazyfree-lazy-expire": { default: "yes", ...oneOf("yes", "no"), handed: true },
  "maxmemory-policy": { default: "volatile-lru", ...oneOf(...POLICIES), handed: true },
  "maxmemory-samples": { default: "3", ...between(1, 64), handed: true },
  "notify-keyspace-events": { default: "", ...anyText, handed: true },
  "reserved-memory-percent": { default: "25", ...between(0, 100) },
  "slowlog-log-slower-than": { default: "10000", ...between(0, 2_147_483_647), handed: true },
  "slowlog-max-len": { default: "128", ...between(0, 2_147_483_647), handed: true },
  "tcp-keepalive": { default: "300", ...between(0, 2_147_483_647), handed: true },
  timeout: { default: "0", ...between(0, 2_147_483_647), handed: true },
};

/** Throws in ElastiCache's words if a group sets what there is not, or what is not allowed. */
export function requireParameters(inputs: Props): void {
  for (const { name, value } of parametersIn(inputs["parameters"])) {
    const parameter = PARAMETERS[name];
    if (parameter === undefined)
      throw invalidCombination(
        `The parameter ${name} cannot be modified; the sandbox knows ${Object.keys(PARAMETERS).join(", ")}.`,
      );
    if (!parameter.takes(value))
      throw invalidValue(
        `The parameter value ${value} is invalid for the parameter ${name}. Valid values: ${parameter.allowed}.`,
      );
    if (name === "cluster-enabled" && value === "yes")
      throw invalidCombination("The sandbox does not serve caches of several shards: leave cluster-enabled at no.");
  }
}

/** The engine's settings under these parameters (of a group, or none) on a node with so much memory, in bytes. */
export function engineSettings(parameters: Value | undefined, memory: number): Record<string, string> {
  const given = new Map(parametersIn(parameters).map(({ name, value }) => [name, value]));
  const valueOf = (name: string): string => given.get(name) ?? PARAMETERS[name]?.default ?? "";
  const reserved = Number(valueOf("reserved-memory-percent"));
  const handed = Object.entries(PARAMETERS).flatMap(([name, { handed: isHanded }]) =>
    isHanded === true ? [[name, valueOf(name)]] : [],
  );
  return {
    ...(Object.fromEntries(handed) as Record<string, string>),
    maxmemory: String(Math.floor((memory * (100 - reserved)) / 100)),
  };
}

function parametersIn(value: Value | undefined): { readonly name: string; readonly value: string }[] {
  const list = Array.isArray(value) ? value.filter(isProps) : [];
  return list.map((item) => ({ name: text(item, "name"), value: text(item, "value") }));
}
