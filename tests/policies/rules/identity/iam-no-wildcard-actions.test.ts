import assert from "node:assert/strict";
import { iamNoWildcardActions as rule } from "../../../../policies/rules/identity/iam-no-wildcard-actions.ts";
import { ask, CLEAN, found, UNKNOWN, unknownAt } from "../../support.ts";

const ROLE = "aws:iam/rolePolicy:RolePolicy";
const policy = (...statements: object[]): { policy: string } => ({
  policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
});
const allow = (action: string | string[], rest: object = {}): object => ({
  Effect: "Allow",
  Action: action,
  Resource: "*",
  ...rest,
});

describe(rule.name, () => {
  it("is content with named actions, wildcards inside one name, and denials", async () => {
    assert.deepEqual(
      await ask(rule, ROLE, policy(allow(["s3:GetObject", "s3:List*"]), { Effect: "Deny", Action: "*", Resource: "*" })),
      CLEAN,
    );
    assert.deepEqual(await ask(rule, ROLE, policy()), CLEAN);
  });

  for (const type of ["policy:Policy", "rolePolicy:RolePolicy", "userPolicy:UserPolicy", "groupPolicy:GroupPolicy"])
    it(`finds a whole service and all of them in aws:iam/${type}`, async () => {
      assert.deepEqual(
        await ask(rule, `aws:iam/${type}`, policy(allow("*", { Sid: "Everything" }), allow(["s3:GetObject", "kms:*"]))),
        found(
          'statement "Everything" allows *; it must name the actions that it allows.',
          "statement 2 allows kms:*; it must name the actions that it allows.",
        ),
      );
    });

  it("reads a single statement and a policy given as an object", async () => {
    assert.deepEqual(
      await ask(rule, ROLE, { policy: { Statement: allow("sqs:*") } }),
      found("statement 1 allows sqs:*; it must name the actions that it allows."),
    );
  });

  it("finds an allowance by NotAction", async () => {
    assert.deepEqual(
      await ask(rule, ROLE, policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
      found("statement 1 allows all but its NotAction; it must name the actions that it allows."),
    );
  });

  it("accepts the wildcards that its configuration names", async () => {
    assert.deepEqual(await ask(rule, ROLE, policy(allow("cloudwatch:*")), { config: { allowed: ["cloudwatch:*"] } }), CLEAN);
  });

  it("does not pass a policy that it cannot read", async () => {
    for (const text of ["not json", "", "[]", "null"])
      assert.deepEqual(
        await ask(rule, ROLE, { policy: text }),
        found("policy is not a JSON object; its actions cannot be checked."),
      );
  });

  it("says that it cannot know when the policy is not known", async () => {
    assert.deepEqual(await ask(rule, ROLE, { policy: UNKNOWN }), unknownAt("policy"));
    assert.deepEqual(await ask(rule, ROLE, { policy: { Statement: [allow(UNKNOWN)] } }), unknownAt("policy.Statement.0.Action"));
  });
});
