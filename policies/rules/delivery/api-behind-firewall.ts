import type { StageArgs } from "@pulumi/aws/apigateway/stage.js";
import type { WebAclAssociationArgs } from "@pulumi/aws/wafv2/webAclAssociation.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "api-behind-firewall",
  title: "A REST API stands behind a web application firewall",
  severity: "medium",
  description: "A firewall turns away known attacks and floods before each request costs a run of what is behind the API.",
  remediation: "Add an aws.wafv2.WebAcl, and an aws.wafv2.WebAclAssociation with the ARN of the stage.",
  controls: { fsbp: ["APIGateway.4"], wellArchitected: ["SEC05"] },
  since: "distributed",
  inStack: {
    "aws:apigateway/stage:Stage": (stage: Resource<StageArgs>, { fail }, stack) => {
      const links = stack.linked<WebAclAssociationArgs>("aws:wafv2/webAclAssociation:WebAclAssociation", "resourceArn", stage);
      if (links.length === 0) fail(stage, "the stage has no WebAclAssociation", "it must have one");
    },
  },
});
