import type { EipArgs } from "@pulumi/aws/ec2/eip.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { isUsed } from "../../shared/uses.ts";

export default rule({
  id: "address-used",
  title: "Every public address is used",
  severity: "low",
  description: "A public IPv4 address costs about 4 dollars a month, also when nothing has it, and a region gives five of them.",
  remediation: "Give the address to a server, a gateway or a load balancer, or release it.",
  controls: { wellArchitected: ["COST04"] },
  level: "advisory",
  inStack: {
    "aws:ec2/eip:Eip": (address: Resource<EipArgs>, { fail }, stack) => {
      const { instance = [], networkInterface = [] } = address.propertyDependencies;
      if (instance.length + networkInterface.length > 0 || isUsed(address, stack, NAMES)) return;
      if (address.at("instance").isSet || address.at("networkInterface").isSet) return;
      fail(address, "nothing in the stack uses the address", "something must, or it must go");
    },
  },
});

/** What only writes the address down. */
const NAMES = ["aws:route53/record:Record", "aws:ssm/parameter:Parameter"];
