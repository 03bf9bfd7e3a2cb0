import type { Cloud } from "../../core/cloud.ts";
import { text } from "../../core/values.ts";
import { hostedZoneId } from "../elbv2/names.ts";
import { bare } from "./names.ts";

/** What of AWS an alias may lead to, by the types that the sandbox serves. */
interface Kind {
  readonly type: string;
  /** The output that holds its name. */
  readonly name: string;
  readonly isOne: (name: string) => boolean;
  /** The zone in which AWS keeps such a name. */
  readonly zone: (name: string) => string;
}

/** The zone of every CloudFront distribution (Route 53 API Reference, AliasTarget). */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";
const KINDS: readonly Kind[] = [
  {
    type: "aws:lb/loadBalancer:LoadBalancer",
    name: "dnsName",
    isOne: (name) => name.endsWith(".elb.amazonaws.com"),
    zone: (name) => hostedZoneId(name.split(".").at(-4) ?? ""),
  },
  {
    type: "aws:cloudfront/distribution:Distribution",
    name: "domainName",
    isOne: (name) => name.endsWith(".cloudfront.net"),
    zone: () => CLOUDFRONT_ZONE,
  },
];

/** The name as AWS keeps it: load balancers have theirs also with `dualstack.` before it. */
export function serviceName(name: string): string {
  return bare(name).replace(/^dualstack\./, "");
}

/** Whether AWS gives such names to what an alias may lead to: a load balancer or a distribution. */
export function isServiceName(name: string): boolean {
  return kindOf(name) !== undefined;
}

/** The id of the zone in which AWS keeps such a name; empty for other names. */
export function serviceZone(name: string): string {
  return kindOf(name)?.zone(serviceName(name)) ?? "";
}

/** Whether there is a load balancer or distribution of that name. */
export function isServed({ world }: Pick<Cloud, "world">, name: string): boolean {
  const kind = kindOf(name);
  if (kind === undefined) return false;
  return world.all(kind.type).some((row) => row.phase !== "deleting" && bare(text(row.outputs, kind.name)) === serviceName(name));
}

/** Whether something of the sandbox has that public address. */
export function hasAddress({ world }: Pick<Cloud, "world">, address: string): boolean {
  return world.all().some(({ outputs, phase }) => phase !== "deleting" && text(outputs, "publicIp") === address);
}

function kindOf(name: string): Kind | undefined {
  return KINDS.find(({ isOne }) => isOne(serviceName(name)));
}
