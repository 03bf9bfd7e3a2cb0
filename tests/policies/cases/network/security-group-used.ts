import rule from "../../../../policies/rules/network/security-group-used.ts";
import { casesOf, ref } from "../../support/cases.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const says = "web: nothing in the stack uses the group; something must, or it must go.";

export default casesOf(rule, {
  passes: {
    "a group of a server": {
      given: { web: [GROUP, {}], server: ["aws:ec2/instance:Instance", { vpcSecurityGroupIds: [ref("web")] }] },
    },
  },
  fails: {
    "a group that nothing uses": { given: { web: [GROUP, {}] }, says },
    "a group that has rules and no server": {
      given: {
        web: [GROUP, {}],
        https: ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { securityGroupId: ref("web"), ipProtocol: "tcp" }],
      },
      says,
    },
  },
  unknown: {},
  decidesByType: "the engine knows where every value comes from, also where it does not know the value",
});
