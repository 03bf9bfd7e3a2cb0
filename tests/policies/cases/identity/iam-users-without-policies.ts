import rule from "../../../../policies/rules/identity/iam-users-without-policies.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const USER = "aws:iam/user:User";
const GROUP_POLICY = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment";

export default casesOf(rule, {
  passes: {
    "a user in a group with a policy": {
      given: {
        ann: [USER, {}],
        people: ["aws:iam/group:Group", {}],
        reads: [GROUP_POLICY, { group: ref("people"), policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
        members: ["aws:iam/userGroupMembership:UserGroupMembership", { user: ref("ann"), groups: [ref("people")] }],
      },
      cannotBreak: "a user without permissions of its own has none to take away",
    },
    "the policy of another user": {
      given: {
        ann: [USER, {}],
        bob: ["aws:iam/group:Group", {}],
        reads: ["aws:iam/userPolicy:UserPolicy", { user: ref("bob"), policy: "{}" }],
      },
    },
  },
  fails: {
    "a user with permissions of its own, in all three ways": {
      given: {
        ann: [USER, {}],
        inline: ["aws:iam/userPolicy:UserPolicy", { user: ref("ann"), policy: "{}" }],
        attached: ["aws:iam/userPolicyAttachment:UserPolicyAttachment", { user: ref("ann"), policyArn: "arn" }],
        shared: ["aws:iam/policyAttachment:PolicyAttachment", { users: ["bob", ref("ann")], policyArn: "arn" }],
      },
      says: [
        'ann: UserPolicy "inline" grants permissions to the user; it must grant them to a group.',
        'ann: UserPolicyAttachment "attached" grants permissions to the user; it must grant them to a group.',
        'ann: PolicyAttachment "shared" grants permissions to the user; it must grant them to a group.',
      ],
    },
  },
  unknown: {
    "a policy of which nobody knows whose it is, beside one of the user": {
      given: {
        ann: [USER, {}],
        inline: ["aws:iam/userPolicy:UserPolicy", { user: UNKNOWN, policy: "{}" }],
        attached: ["aws:iam/userPolicyAttachment:UserPolicyAttachment", { user: ref("ann"), policyArn: "arn" }],
      },
      open: "ann: inline.user",
      says: 'ann: UserPolicyAttachment "attached" grants permissions to the user; it must grant them to a group.',
    },
  },
  survives: {
    "bob: left out": "another user is another user",
    "reads: left out": "less is granted",
    "reads: user: left out": "less is granted",
    "reads: policy: *": "whatever it grants, it does not grant it to the user",
  },
});
