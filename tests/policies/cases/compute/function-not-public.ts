import rule from "../../../../policies/rules/compute/function-not-public.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const PERMISSION = "aws:lambda/permission:Permission";
const URL = "aws:lambda/functionUrl:FunctionUrl";
const wanted = "sourceArn, sourceAccount or principalOrgId must say for whom.";
const ANY = "another one is one as well";

export default casesOf(rule, {
  passes: {
    "a bucket's events": { given: [PERMISSION, { principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::uploads" }] },
    "everyone of an organisation": { given: [PERMISSION, { principal: "*", principalOrgId: "o-1" }] },
    "another account": {
      given: [PERMISSION, { principal: "123456789012" }],
    },
    "a topic that is made in the same program": {
      given: {
        topic: ["aws:sns/topic:Topic", {}],
        may: [PERMISSION, { principal: "sns.amazonaws.com", sourceArn: ref("topic", "arn") }],
      },
      cannotBreak: "the first case shows what happens without the ARN",
    },
    "an address for those with a role": { given: [URL, { authorizationType: "AWS_IAM" }] },
  },
  fails: {
    everyone: { given: [PERMISSION, { principal: "*" }], says: `everyone may run the function for anyone; ${wanted}` },
    "a service, whoever uses it": {
      given: [PERMISSION, { principal: "s3.amazonaws.com" }],
      says: `"s3.amazonaws.com" may run the function for anyone; ${wanted}`,
    },
    "an address for everyone": {
      given: [URL, { authorizationType: "NONE" }],
      says: 'authorizationType is "NONE"; it must be "AWS_IAM".',
    },
  },
  unknown: {
    "someone who is not known": { given: [PERMISSION, { principal: UNKNOWN }], open: "principal" },
    "an address of which it is decided later": { given: [URL, { authorizationType: UNKNOWN }], open: "authorizationType" },
  },
  survives: {
    "principal: *": "AWS refuses a permission for nobody; someone else is not everyone",
    "sourceArn: another text": ANY,
    "principalOrgId: another text": ANY,
  },
});
