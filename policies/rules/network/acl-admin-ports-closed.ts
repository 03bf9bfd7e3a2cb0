import type { DefaultNetworkAclArgs } from "@pulumi/aws/ec2/defaultNetworkAcl.js";
import type { NetworkAclArgs } from "@pulumi/aws/ec2/networkAcl.js";
import type { NetworkAclRuleArgs } from "@pulumi/aws/ec2/networkAclRule.js";
import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { everyoneIn, portsOf, spelt } from "../../shared/openings.ts";

/** A rule of a network ACL, in either of the provider's spellings. */
interface Entry {
  readonly at: Property<unknown>;
  readonly action: Property<string>;
  readonly protocol: Property<string>;
  readonly from: Property<number>;
  readonly to: Property<number>;
  readonly sources: readonly Property<string>[];
}

const ADMIN_PORTS = [22, 3389];

export default rule({
  id: "acl-admin-ports-closed",
  title: "No network ACL lets the internet in to the ports by which servers are managed",
  severity: "medium",
  description: "A network ACL is the second lock behind the security group; it holds when someone opens the first by mistake.",
  remediation: "Name the range from which you manage, or begin the range of ports above 3389.",
  controls: { fsbp: ["EC2.21"], cisAws3: ["5.1"], cisAws5: ["5.2"], pci4: ["1.3.1"], wellArchitected: ["SEC05"] },
  level: "advisory",
  resources: {
    "aws:ec2/networkAcl:NetworkAcl": inline,
    "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl": inline,
    "aws:ec2/networkAclRule:NetworkAclRule": (entry: Resource<NetworkAclRuleArgs>, check) => {
      if (entry.at("egress").value === true) return;
      judge(
        {
          at: entry,
          action: entry.at("ruleAction"),
          protocol: entry.at("protocol"),
          from: entry.at("fromPort"),
          to: entry.at("toPort"),
          sources: [entry.at("cidrBlock"), entry.at("ipv6CidrBlock")],
        },
        check,
      );
    },
  },
});

function inline(acl: Resource<DefaultNetworkAclArgs | NetworkAclArgs>, check: Check<unknown>): void {
  check.each(acl.at("ingress"), (entry) => {
    judge(
      {
        at: entry,
        action: entry.at("action"),
        protocol: entry.at("protocol"),
        from: entry.at("fromPort"),
        to: entry.at("toPort"),
        sources: [entry.at("cidrBlock"), entry.at("ipv6CidrBlock")],
      },
      check,
    );
  });
}

function judge(entry: Entry, check: Check<unknown>): void {
  if (entry.action.value === "deny") return;
  const everyone = everyoneIn(entry, check);
  const ports = everyone === undefined ? "none" : portsOf(entry);
  if (ports === "none") return;
  const reached = ADMIN_PORTS.filter((port) => ports === "all" || (ports.from <= port && port <= ports.to));
  if (reached.length > 0)
    check.fail(entry.at, `${String(everyone)} may reach ${spelt(ports)}`, `nobody may reach: ${reached.join(", ")}`);
}
