import rule from "../../../../policies/rules/compute/function-in-several-zones.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const FUNCTION = "aws:lambda/function:Function";
const says = "the function names 1 subnet; it must name at least 2, each of a zone of its own.";

export default casesOf(rule, {
  passes: {
    "a function in two subnets": { given: [FUNCTION, { vpcConfig: { subnetIds: ["subnet-a", "subnet-b"] } }] },
    "subnets that are made later": { given: [FUNCTION, { vpcConfig: { subnetIds: [UNKNOWN, UNKNOWN] } }] },
    "a function without a VPC, which Lambda spreads itself": { given: [FUNCTION, {}] },
  },
  fails: { "a function in one subnet": { given: [FUNCTION, { vpcConfig: { subnetIds: ["subnet-a"] } }], says } },
  unknown: {
    "a list that is not known": { given: [FUNCTION, { vpcConfig: { subnetIds: UNKNOWN } }], open: "vpcConfig.subnetIds" },
  },
  survives: {
    "vpcConfig*: empty": "without a subnet the function is in no VPC, and AWS refuses what is no subnet",
    "vpcConfig: left out": "without a VPC Lambda spreads the function itself",
    "vpcConfig.subnetIds: left out": "AWS refuses a VPC without subnets",
    "vpcConfig.subnetIds[*]: *": "AWS refuses what is no subnet",
  },
});
