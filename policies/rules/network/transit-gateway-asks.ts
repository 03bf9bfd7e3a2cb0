import type { TransitGatewayArgs } from "@pulumi/aws/ec2transitgateway/transitGateway.js";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "transit-gateway-asks",
  title: "A transit gateway takes no network in without being asked",
  severity: "high",
  description: "Whoever the gateway is shared with could join any network of theirs to all of yours.",
  remediation: 'Leave autoAcceptSharedAttachments out, or set it to "disable", and accept attachments one by one.',
  controls: { fsbp: ["EC2.23"], wellArchitected: ["SEC05"] },
  resources: {
    "aws:ec2transitgateway/transitGateway:TransitGateway": (gateway: Resource<TransitGatewayArgs>, { must }) =>
      must(gateway.at("autoAcceptSharedAttachments").or("disable"), be("disable")),
  },
});
