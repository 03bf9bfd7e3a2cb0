import rule from "../../../../policies/rules/identity/iam-no-broad-managed-policies.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  "aws:iam/policyAttachment:PolicyAttachment",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment",
];
const ROLE = "aws:iam/role:Role";
const READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
const says = "policyArn is AdministratorAccess; it must be a policy that allows only what is needed.";

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a narrow policy, by a %s", (type) => ({ given: [type, { policyArn: READ }] })),
    "a role with a narrow policy": { given: [ROLE, { managedPolicyArns: [READ] }] },
    "a policy of the account itself, whatever its name": {
      given: [TYPES[0] ?? "", { policyArn: "arn:aws:iam::123456789012:policy/AdministratorAccess" }],
    },
    "a policy that the project accepts": {
      given: [TYPES[0] ?? "", { policyArn: ADMIN }],
      config: { policies: ["IAMFullAccess"] },
    },
  },
  fails: {
    ...forEach(TYPES, "everything, by a %s", (type) => ({ given: [type, { policyArn: ADMIN }], says })),
    "a role with everything": {
      given: [ROLE, { managedPolicyArns: [READ, ADMIN] }],
      says: "managedPolicyArns[1] is AdministratorAccess; it must be a policy that allows only what is needed.",
    },
    "another partition of AWS": {
      given: [TYPES[0] ?? "", { policyArn: "arn:aws-cn:iam::aws:policy/job-function/PowerUserAccess" }],
      says: "policyArn is PowerUserAccess; it must be a policy that allows only what is needed.",
    },
  },
  unknown: {
    "a policy that is not made yet": { given: [TYPES[0] ?? "", { policyArn: UNKNOWN }], open: "policyArn" },
    "one that is not known beside one that is too broad": {
      given: [ROLE, { managedPolicyArns: [UNKNOWN, ADMIN] }],
      open: "managedPolicyArns[0]",
      says: "managedPolicyArns[1] is AdministratorAccess; it must be a policy that allows only what is needed.",
    },
  },
  survives: {
    "policyArn: *": "another policy is another policy, and none is refused by AWS",
    "managedPolicyArns*": "another policy is another policy",
  },
});
