import type { WebAclArgs } from "@pulumi/aws/wafv2/webAcl.js";
import type { WebAclRuleArgs } from "@pulumi/aws/wafv2/webAclRule.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

const APART = ["aws:wafv2/webAclRule:WebAclRule", "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"];

export default rule({
  id: "firewall-has-rules",
  title: "A web application firewall has at least one rule",
  severity: "medium",
  description: "Without a rule everything gets the default action: the firewall is paid for and stops nothing, or all.",
  remediation: "Add a rule, such as the managed rule group AWSManagedRulesCommonRuleSet and one that limits the rate.",
  controls: { fsbp: ["WAF.10"], wellArchitected: ["SEC05"] },
  inStack: {
    "aws:wafv2/webAcl:WebAcl": (acl: Resource<WebAclArgs>, { fail }, stack) => {
      if (acl.at("rules").isSet || acl.at("ruleJson").isSet) return;
      if (stack.linked<WebAclRuleArgs>(APART, "webAclArn", acl).length === 0)
        fail(acl, "the firewall has no rule", "it must have one at least");
    },
  },
});
