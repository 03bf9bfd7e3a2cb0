import type { SubnetArgs } from "@pulumi/aws/ec2/subnet.js";
import type { VpcArgs } from "@pulumi/aws/ec2/vpc.js";
import type { Check } from "../../framework/check.ts";
import { UnknownInput } from "../../framework/property.ts";
import type { Resource, ResourceWith } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import type { Stack } from "../../framework/stack.ts";
import { overlapsOf, type Range, rangeOf } from "../../shared/ranges.ts";

interface Holder extends Range {
  readonly cidr: string;
  readonly resource: ResourceWith<unknown>;
}

type Ranged = Resource<SubnetArgs | VpcArgs>;

/** The overlaps of a stack's networks, and of the subnets in each of its networks, by URN. Made once for each stack. */
const overlaps = new WeakMap<Stack, Map<string, Holder>>();

export default rule({
  id: "ranges-apart",
  title: "No two networks of the stack, and no two subnets of a network, hold the same addresses",
  severity: "high",
  description: "Networks that overlap can never be peered or share a transit gateway, and a range cannot be changed later.",
  remediation: "Give each network a range of its own, such as 10.0.0.0/16 and 10.1.0.0/16.",
  controls: { wellArchitected: ["REL02"] },
  inStack: { "aws:ec2/vpc:Vpc": apart, "aws:ec2/subnet:Subnet": apart },
});

function apart(holder: Ranged, { fail }: Check<unknown>, stack: Stack): void {
  const cidr = holder.at("cidrBlock");
  if (cidr.value === undefined) return;
  const made = overlaps.get(stack) ?? overlapsIn(stack);
  overlaps.set(stack, made);
  const other = made.get(holder.urn);
  if (other !== undefined) fail(cidr, `${cidr.value} overlaps ${other.cidr} of ${other.resource.name}`, "it must be apart");
}

function overlapsIn(stack: Stack): Map<string, Holder> {
  const subnets = Map.groupBy(stack.ofType<SubnetArgs>("aws:ec2/subnet:Subnet"), networkOf);
  subnets.delete(undefined);
  const groups = [stack.ofType<VpcArgs>("aws:ec2/vpc:Vpc"), ...subnets.values()];
  return new Map(
    groups.flatMap((group) =>
      [...overlapsOf(group.flatMap(rangedOf))].map(([holder, other]) => [holder.resource.urn, other] as const),
    ),
  );
}

/** A range that is not known yet overlaps nothing yet; the check of its own resource says that it is not known. */
function rangedOf(resource: Ranged): Holder[] {
  const cidr = known(() => resource.at("cidrBlock").value);
  const range = cidr === undefined ? undefined : rangeOf(cidr);
  return cidr === undefined || range === undefined ? [] : [{ ...range, cidr, resource }];
}

/** What tells the networks of subnets apart: the URN of the network, or its id. */
function networkOf(subnet: Resource<SubnetArgs>): string | undefined {
  const { vpcId: [urn] = [] } = subnet.propertyDependencies;
  return urn ?? known(() => subnet.at("vpcId").value);
}

function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownInput) return undefined;
    throw error;
  }
}
