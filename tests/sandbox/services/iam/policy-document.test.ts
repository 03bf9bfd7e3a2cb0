import assert from "node:assert/strict";
import { parsePolicy } from "../../../../sandbox/src/services/iam/policy-document.ts";

const VERSION = "2012-10-17";
const good = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop/*" };
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
const onResource = { ...good, Principal: "*" };

const document = (statement: unknown, more: object = {}): string =>
  JSON.stringify({ Version: VERSION, Statement: statement, ...more });

describe("a policy document", () => {
  it("is read with every one-or-many element as a list", () => {
    const statement = {
      ...good,
      Sid: "Read",
      Condition: { Bool: { "aws:SecureTransport": true }, NumericLessThan: { "s3:max-keys": 10 } },
    };
    assert.deepEqual(parsePolicy(document(statement), "identity"), [
      {
        sid: "Read",
        effect: "Allow",
        actions: ["s3:GetObject"],
        resources: ["arn:aws:s3:::shop/*"],
        conditions: { Bool: { "aws:SecureTransport": ["true"] }, NumericLessThan: { "s3:max-keys": ["10"] } },
      },
    ]);
  });

  it("names principals by type; * alone is everybody", () => {
    const principals = (Principal: unknown) => parsePolicy(document({ ...good, Principal }), "resource")[0]?.principals;
    assert.deepEqual(principals("*"), { AWS: ["*"] });
    assert.deepEqual(principals({ AWS: "123456789012", Service: ["a.amazonaws.com", "b.amazonaws.com"] }), {
      AWS: ["123456789012"],
      Service: ["a.amazonaws.com", "b.amazonaws.com"],
    });
  });

  for (const [what, kind, text] of [
    ["one statement that is not in a list", "identity", document(good)],
    ["several statements", "identity", document([good, { ...good, Effect: "Deny" }])],
    ["an id", "resource", document(onResource, { Id: "policy" })],
    ["the older version on a resource", "resource", JSON.stringify({ Version: "2008-10-17", Statement: onResource })],
    ["no version on a resource", "resource", JSON.stringify({ Statement: onResource })],
    ["NotAction and NotResource", "identity", document({ Effect: "Deny", NotAction: "s3:*", NotResource: "*" })],
    ["NotPrincipal", "resource", document({ ...good, Effect: "Deny", NotPrincipal: { AWS: "123456789012" } })],
    ["every action", "identity", document({ ...good, Action: "*", Resource: "*" })],
    ["a pattern of actions, whatever the capitals", "identity", document({ ...good, Action: ["S3:get*", "ec2:Describe*"] })],
    ["a Sid of any signs on a resource", "resource", document({ ...onResource, Sid: "Enable IAM User Permissions" })],
    ["trust in a service", "trust", document(trust)],
    [
      "a variable where a number or an address is wanted",
      "identity",
      document({ ...good, Condition: { IpAddress: { "aws:SourceIp": "${aws:VpcSourceIp}" } } }),
    ],
  ] as const) {
    it(`may hold ${what}`, () => {
      assert.ok(parsePolicy(text, kind).length > 0);
    });
  }

  for (const [what, kind, text, message] of [
    ["is no JSON", "identity", "{", /^This policy contains invalid Json: /],
    ["is no object", "identity", "[]", "Syntax errors in policy: it is not a JSON object"],
    [
      "has an element that is none",
      "identity",
      document(good, { Statements: [] }),
      'Syntax errors in policy: "Statements" is not an element of a policy (Version, Id, Statement)',
    ],
    [
      "has a version that is none",
      "identity",
      document(good, { Version: "2012-10-18" }),
      'The policy\'s Version is "2012-10-18"; it must be "2012-10-17" or "2008-10-17"',
    ],
    [
      "has the older version for an identity",
      "identity",
      document(good, { Version: "2008-10-17" }),
      "Policy document must be version 2012-10-17 or greater.",
    ],
    ["has no statement", "identity", JSON.stringify({ Version: VERSION }), "Syntax errors in policy: it has no Statement"],
    ["has an empty list of statements", "identity", document([]), "Syntax errors in policy: it has no Statement"],
    ["has a statement that is none", "identity", document(["x"]), "Statement 1: is not a JSON object"],
    [
      "has a statement with an element that is none",
      "identity",
      document([good, { ...good, Actions: "s3:*" }]),
      'Statement 2: "Actions" is not an element of a statement',
    ],
    [
      "has no effect",
      "identity",
      document({ ...good, Effect: undefined }),
      'Statement 1: Effect is undefined; it must be "Allow" or "Deny"',
    ],
    [
      "has an effect in small letters",
      "identity",
      document({ ...good, Effect: "allow" }),
      'Statement 1: Effect is "allow"; it must be "Allow" or "Deny"',
    ],
    [
      "has no action",
      "identity",
      document({ ...good, Action: undefined }),
      "Statement 1: Policy statement must contain actions.",
    ],
    [
      "has an empty list of actions",
      "identity",
      document({ ...good, Action: [] }),
      "Statement 1: Policy statement must contain actions.",
    ],
    [
      "has both Action and NotAction",
      "identity",
      document({ ...good, NotAction: "s3:*" }),
      "Statement 1: Policy statement must contain actions.",
    ],
    [
      "has an action that is no text",
      "identity",
      document({ ...good, Action: 1 }),
      "Statement 1: Action must be a string or a list of strings",
    ],
    [
      "has an action without a service",
      "identity",
      document({ ...good, Action: "GetObject" }),
      "Statement 1: Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ],
    [
      "names a service that is none",
      "identity",
      document({ ...good, Action: "s4:GetObject" }),
      'Statement 1: Action s4:GetObject: there is no service with the prefix "s4"',
    ],
    [
      "names an action that is none",
      "identity",
      document({ ...good, Action: "s3:GetObjects" }),
      "Statement 1: Action s3:GetObjects: s3 has no such action; the nearest is s3:GetObject",
    ],
    [
      "has a pattern that no action fits",
      "identity",
      document({ ...good, Action: "s3:Fetch*" }),
      /^Statement 1: Action s3:Fetch\*: s3 has no such action/,
    ],
    [
      "names a file instead of a service",
      "identity",
      document({ ...good, Action: "../../package:x" }),
      /there is no service with the prefix/,
    ],
    [
      "has no resource",
      "identity",
      document({ ...good, Resource: undefined }),
      "Statement 1: Policy statement must contain resources.",
    ],
    [
      "has an empty list of resources",
      "identity",
      document({ ...good, Resource: [] }),
      "Statement 1: Policy statement must contain resources.",
    ],
    [
      "has both Resource and NotResource",
      "identity",
      document({ ...good, NotResource: "*" }),
      "Statement 1: has both Resource and NotResource; it must have one",
    ],
    [
      "has a resource that is no ARN",
      "identity",
      document({ ...good, Resource: "shop/*" }),
      'Statement 1: Resource shop/* must be in ARN format or "*".',
    ],
    [
      "names a principal for an identity",
      "identity",
      document(onResource),
      "Statement 1: Policy document should not specify a principal.",
    ],
    ["names no principal on a resource", "resource", document(good), "Statement 1: Missing required field Principal"],
    ["names nobody", "resource", document({ ...good, Principal: { AWS: [] } }), "Statement 1: Missing required field Principal"],
    [
      "names a principal of a kind that is none",
      "resource",
      document({ ...good, Principal: { User: "x" } }),
      'Statement 1: Invalid principal in policy: "User"',
    ],
    [
      "names a principal as text",
      "resource",
      document({ ...good, Principal: "123456789012" }),
      /Principal must be "\*" or an object such as/,
    ],
    [
      "has both Principal and NotPrincipal",
      "resource",
      document({ ...onResource, NotPrincipal: "*" }),
      "Statement 1: has both Principal and NotPrincipal; it must have one",
    ],
    [
      "trusts for another action",
      "trust",
      document({ ...trust, Action: ["sts:AssumeRole", "s3:GetObject"] }),
      "Statement 1: AssumeRole policy may only specify STS AssumeRole actions.",
    ],
    ["trusts on a resource", "trust", document({ ...trust, Resource: "*" }), "Statement 1: Has prohibited field Resource"],
    [
      "has a Sid twice",
      "identity",
      document([
        { ...good, Sid: "A" },
        { ...good, Sid: "A" },
      ]),
      "Statement IDs (SID) in a single policy must be unique.",
    ],
    [
      "has a Sid with a space for an identity",
      "identity",
      document({ ...good, Sid: "a b" }),
      /Statement IDs \(SID\) must be alpha-numeric/,
    ],
    [
      "has a condition that is no object",
      "identity",
      document({ ...good, Condition: "x" }),
      "Statement 1: Condition must be an object",
    ],
    [
      "has an operator that is none",
      "identity",
      document({ ...good, Condition: { StringSame: { "aws:username": "x" } } }),
      "Statement 1: Invalid Condition type : StringSame.",
    ],
    [
      "has an operator without keys",
      "identity",
      document({ ...good, Condition: { StringEquals: "x" } }),
      "Statement 1: Condition StringEquals must be an object of condition keys",
    ],
    [
      "has a value that is an object",
      "identity",
      document({ ...good, Condition: { StringEquals: { "aws:username": {} } } }),
      "Statement 1: Condition StringEquals.aws:username must be text, a number or a boolean",
    ],
    [
      "has an address that is none",
      "identity",
      document({ ...good, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/33" } } }),
      'Statement 1: Condition IpAddress.aws:SourceIp: "10.0.0.0/33" is not an IP address or a range such as 203.0.113.0/24',
    ],
    [
      "has a number that is none",
      "identity",
      document({ ...good, Condition: { NumericLessThan: { "s3:max-keys": "ten" } } }),
      /"ten" is not a number$/,
    ],
    [
      "has a date that is none",
      "identity",
      document({ ...good, Condition: { DateLessThan: { "aws:CurrentTime": "soon" } } }),
      /"soon" is not a date such as/,
    ],
    [
      "has a boolean that is none",
      "identity",
      document({ ...good, Condition: { Bool: { "aws:SecureTransport": "yes" } } }),
      /"yes" is not true or false$/,
    ],
  ] as const) {
    it(`is refused where it ${what}`, () => {
      const refused = { code: "MalformedPolicyDocument", message };
      assert.throws(() => parsePolicy(text, kind), refused);
    });
  }

  it("is refused under the code of the service that asks", () => {
    assert.throws(() => parsePolicy("{", "resource", "MalformedPolicy"), { code: "MalformedPolicy" });
  });
});
