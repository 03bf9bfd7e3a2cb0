import type { EndpointArgs } from "@pulumi/aws/ec2clientvpn/endpoint.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "client-vpn-logged",
  title: "Who comes in by a client VPN is logged",
  severity: "low",
  description: "The log tells who was in the network, from where and for how long.",
  remediation: "Set connectionLogOptions.enabled to true and name a log group.",
  controls: { fsbp: ["EC2.51"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  resources: {
    "aws:ec2clientvpn/endpoint:Endpoint": (endpoint: Resource<EndpointArgs>, { must }) =>
      must(endpoint.at("connectionLogOptions", "enabled"), beTrue),
  },
});
