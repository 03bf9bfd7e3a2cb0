import type { WebAclArgs } from "@pulumi/aws/wafv2/webAcl.js";
import type { WebAclLoggingConfigurationArgs } from "@pulumi/aws/wafv2/webAclLoggingConfiguration.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

export default rule({
  id: "firewall-logged",
  title: "A web application firewall logs and counts what it turns away",
  severity: "low",
  description: "Without either nobody sees an attack, nor the customers that a wrong rule turns away.",
  remediation:
    "Add an aws.wafv2.WebAclLoggingConfiguration with the ARN of the firewall, and set cloudwatchMetricsEnabled of every visibilityConfig to true.",
  controls: { securityHub: ["WAF.11", "WAF.12"], pci4: ["10.2.1"], wellArchitected: ["SEC04"] },
  since: "distributed",
  inStack: {
    "aws:wafv2/webAcl:WebAcl": (acl: Resource<WebAclArgs>, { apart, each, fail, must }, stack) => {
      must(acl.at("visibilityConfig", "cloudwatchMetricsEnabled"), beTrue);
      each(acl.at("rules"), (one) => must(one.at("visibilityConfig", "cloudwatchMetricsEnabled"), beTrue));
      apart(() => {
        if (stack.linked<WebAclLoggingConfigurationArgs>(LOGGING, "resourceArn", acl).length === 0)
          fail(acl, "the firewall has no WebAclLoggingConfiguration", "it must have one");
      });
    },
  },
});
