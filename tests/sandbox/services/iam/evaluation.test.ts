import assert from "node:assert/strict";
import { type AccessRequest, decide } from "../../../../sandbox/src/services/iam/evaluate.ts";
import { parsePolicy, type Statement } from "../../../../sandbox/src/services/iam/policy-document.ts";
import { policyOf } from "../../support/api.ts";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/app/i-1`;
const OBJECT = "arn:aws:s3:::shop/photos/1.jpg";

const context = new Map<string, readonly string[]>([
  ["aws:principalarn", [ROLE]],
  ["aws:principalaccount", [ACCOUNT]],
  ["aws:username", ["an*na"]],
]);
const request: AccessRequest = {
  action: "s3:GetObject",
  resource: OBJECT,
  principals: [SESSION, ROLE, ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`],
  context,
};

const identity = (...statements: object[]): readonly Statement[] => parsePolicy(policyOf(...statements), "identity");
const resource = (...statements: object[]): readonly Statement[] => parsePolicy(policyOf(...statements), "resource");
const allowed = { allowed: true };
const denied = (where: string, explicit = false) => ({ allowed: false, explicit, where });
const all = { Action: "s3:*", Resource: "*" };
const deny = { ...all, Effect: "Deny" };

describe("IAM decides", () => {
  it("no where nothing says yes", () => {
    assert.deepEqual(decide(request, []), denied("identity"));
  });

  for (const [action, resourceArn, outcome] of [
    ["s3:GetObject", OBJECT, true],
    ["S3:getobject", OBJECT, true],
    ["s3:Get*", "*", true],
    ["s3:*Object", "arn:aws:s3:::shop/*", true],
    ["s3:GetObjec?", "arn:aws:s3:::shop/photos/?.jpg", true],
    ["*", "arn:aws:s3:::*", true],
    ["s3:GetObjectAcl", "*", false],
    ["s3:PutObject", OBJECT, false],
    ["s3:Get*", "arn:aws:s3:::shop", false],
    ["s3:Get*", "arn:aws:s3:::SHOP/*", false],
    ["s3:Get*", "arn:aws:s3:::shop/photos/1.jpg/more", false],
  ] as const) {
    it(`${outcome ? "yes" : "no"} by an allow of ${action} on ${resourceArn}`, () => {
      const decision = decide(request, identity({ Action: action, Resource: resourceArn }));
      assert.deepEqual(decision, outcome ? allowed : denied("identity"));
    });
  }

  it("by all but what is named, with NotAction and NotResource", () => {
    assert.deepEqual(decide(request, identity({ NotAction: "iam:*", Resource: "*" })), allowed);
    assert.deepEqual(decide(request, identity({ NotAction: "s3:*", Resource: "*" })), denied("identity"));
    assert.deepEqual(decide(request, identity({ Action: "s3:*", NotResource: "arn:aws:s3:::other/*" })), allowed);
    assert.deepEqual(decide(request, identity({ Action: "s3:*", NotResource: "arn:aws:s3:::shop/*" })), denied("identity"));
  });

  it("no by a deny anywhere, whatever allows", () => {
    assert.deepEqual(decide(request, identity(all, deny)), denied("identity", true));
    const everyone = { Principal: "*" };
    assert.deepEqual(
      decide(request, identity(all), resource({ ...all, ...everyone }, { ...deny, ...everyone })),
      denied("resource", true),
    );
    assert.deepEqual(decide(request, identity(deny), resource({ ...all, ...everyone })), denied("identity", true));
  });

  it("no by a deny whose condition holds, and not by one whose does not", () => {
    const under = (account: string) => ({ ...deny, Condition: { StringEquals: { "aws:PrincipalAccount": account } } });
    assert.deepEqual(decide(request, identity(all, under(ACCOUNT))), denied("identity", true));
    assert.deepEqual(decide(request, identity(all, under("210987654321"))), allowed);
  });

  describe("by a resource's policy", () => {
    for (const [what, principal, outcome] of [
      ["the role", { AWS: ROLE }, true],
      ["the very session", { AWS: SESSION }, true],
      ["everybody", "*", true],
      ["one of several", { AWS: [`${ROLE}-2`, ROLE] }, true],
      ["another role", { AWS: `${ROLE}-2` }, false],
      ["another session of the role", { AWS: SESSION.replace("i-1", "i-2") }, false],
      ["a service", { Service: "ec2.amazonaws.com" }, false],
      ["the account, which leaves it to IAM policies", { AWS: ACCOUNT }, false],
      ["the account's root, which is the same", { AWS: `arn:aws:iam::${ACCOUNT}:root` }, false],
    ] as const) {
      it(`that names ${what}: ${outcome ? "yes" : "no"}`, () => {
        const decision = decide(request, [], resource({ ...all, Principal: principal }));
        assert.deepEqual(decision, outcome ? allowed : denied("identity"));
      });
    }

    it("that names all but some", () => {
      const but = (who: string) => resource({ ...deny, NotPrincipal: { AWS: who } });
      assert.deepEqual(decide(request, identity(all), but(ROLE)), allowed);
      assert.deepEqual(decide(request, identity(all), but(`${ROLE}-2`)), denied("resource", true));
    });
  });

  describe("on a resource that must itself allow (a key)", () => {
    const must = { resourceMustAllow: true };

    it("no without a word in its own policy", () => {
      assert.deepEqual(decide(request, identity(all), [], must), denied("resource"));
    });

    it("yes if its policy lets the account in and IAM allows", () => {
      const account = resource({ ...all, Principal: { AWS: ACCOUNT } });
      assert.deepEqual(decide(request, identity(all), account, must), allowed);
      assert.deepEqual(decide(request, [], account, must), denied("identity"));
    });

    it("yes if its policy names the role, without IAM", () => {
      assert.deepEqual(decide(request, [], resource({ ...all, Principal: { AWS: ROLE } }), must), allowed);
    });
  });

  describe("with variables in the resource", () => {
    for (const [pattern, key, outcome] of [
      ["arn:aws:s3:::shop/${aws:PrincipalAccount}/*", `${ACCOUNT}/a`, true],
      ["arn:aws:s3:::shop/${aws:PrincipalAccount}/*", "210987654321/a", false],
      ["arn:aws:s3:::shop/${AWS:principalaccount}", ACCOUNT, true],
      ["arn:aws:s3:::shop/${aws:SourceVpc, 'none'}/*", "none/a", true],
      ["arn:aws:s3:::shop/${aws:SourceVpc}/*", "anything/a", false],
      // The name an*na is a name, not a pattern.
      ["arn:aws:s3:::shop/${aws:username}/*", "an*na/a", true],
      ["arn:aws:s3:::shop/${aws:username}/*", "anybody-na/a", false],
      ["arn:aws:s3:::shop/${*}/*", "*/a", true],
      ["arn:aws:s3:::shop/${*}/*", "b/a", false],
      ["arn:aws:s3:::shop/${?}${$}", "?$", true],
    ] as const) {
      it(`${pattern} ${outcome ? "is" : "is not"} .../${key}`, () => {
        const asked = { ...request, resource: `arn:aws:s3:::shop/${key}` };
        assert.equal(decide(asked, identity({ Action: "s3:*", Resource: pattern })).allowed, outcome);
      });
    }
  });
});
