import assert from "node:assert/strict";
import { conditionsHold } from "../../../../sandbox/src/services/iam/conditions.ts";
import { parsePolicy } from "../../../../sandbox/src/services/iam/policy-document.ts";
import { policyOf } from "../../support/api.ts";

const context = new Map<string, readonly string[]>([
  ["aws:principalarn", ["arn:aws:iam::123456789012:role/team/app"]],
  ["aws:sourceip", ["203.0.113.77"]],
  ["aws:currenttime", ["2026-03-01T12:00:00.000Z"]],
  ["aws:epochtime", ["1772366400"]],
  ["aws:securetransport", ["true"]],
  ["aws:username", ["anna"]],
  ["aws:tagkeys", ["team", "cost"]],
  ["s3:prefix", ["home/anna/photos"]],
  ["s3:max-keys", ["100"]],
]);

/** Whether a condition, as a policy writes it, holds. */
function holds(condition: Record<string, Record<string, string | boolean | number | string[]>>): boolean {
  const [statement] = parsePolicy(policyOf({ Action: "s3:*", Resource: "*", Condition: condition }), "identity");
  return conditionsHold(statement?.conditions ?? {}, context);
}

describe("a condition of a policy", () => {
  for (const [operator, key, value, outcome] of [
    ["StringEquals", "aws:username", "anna", true],
    ["StringEquals", "AWS:UserName", "anna", true],
    ["StringEquals", "aws:username", "Anna", false],
    ["StringEquals", "aws:username", "an*", false],
    ["StringEquals", "aws:username", ["bob", "anna"], true],
    ["StringNotEquals", "aws:username", "anna", false],
    ["StringNotEquals", "aws:username", ["bob", "anna"], false],
    ["StringNotEquals", "aws:username", ["bob", "carl"], true],
    ["StringEqualsIgnoreCase", "aws:username", "ANNA", true],
    ["StringNotEqualsIgnoreCase", "aws:username", "ANNA", false],
    ["StringLike", "s3:prefix", "home/*/photos", true],
    ["StringLike", "s3:prefix", "home/${aws:username}/*", true],
    ["StringLike", "s3:prefix", "home/bob/*", false],
    ["StringLike", "s3:prefix", "home/????/photos", true],
    ["StringNotLike", "s3:prefix", "home/*", false],
    ["NumericEquals", "s3:max-keys", "100.0", true],
    ["NumericNotEquals", "s3:max-keys", 100, false],
    ["NumericLessThan", "s3:max-keys", 100, false],
    ["NumericLessThanEquals", "s3:max-keys", 100, true],
    ["NumericGreaterThan", "s3:max-keys", "9", true],
    ["NumericGreaterThanEquals", "s3:max-keys", "101", false],
    ["DateLessThan", "aws:CurrentTime", "2026-03-01T12:00:01Z", true],
    ["DateLessThan", "aws:CurrentTime", "2026-03-01T13:00:00+01:00", false],
    ["DateGreaterThan", "aws:CurrentTime", "2026-03-01T11:59:59Z", true],
    ["DateEquals", "aws:EpochTime", "1772366400", true],
    ["DateNotEquals", "aws:EpochTime", "1772366400", false],
    ["DateLessThanEquals", "aws:CurrentTime", "1772366400", true],
    ["Bool", "aws:SecureTransport", true, true],
    ["Bool", "aws:SecureTransport", "False", false],
    ["IpAddress", "aws:SourceIp", "203.0.113.0/24", true],
    ["IpAddress", "aws:SourceIp", "203.0.113.77", true],
    ["IpAddress", "aws:SourceIp", ["10.0.0.0/8", "203.0.112.0/23"], true],
    ["IpAddress", "aws:SourceIp", "203.0.113.0/26", false],
    ["IpAddress", "aws:SourceIp", "2001:db8::/32", false],
    ["NotIpAddress", "aws:SourceIp", "203.0.113.0/24", false],
    ["NotIpAddress", "aws:SourceIp", "10.0.0.0/8", true],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*", true],
    ["ArnEquals", "aws:PrincipalArn", "arn:aws:iam::*:role/team/app", true],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*", false],
    ["ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::123456789012:role/*", false],
    ["ForAnyValue:StringEquals", "aws:TagKeys", "cost", true],
    ["ForAnyValue:StringEquals", "aws:TagKeys", "owner", false],
    ["ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost", "owner"], true],
    ["ForAllValues:StringEquals", "aws:TagKeys", "team", false],
    ["Null", "aws:username", false, true],
    ["Null", "aws:username", "true", false],
    // A key that the request does not have.
    ["StringEquals", "aws:SourceVpc", "vpc-1", false],
    ["StringLike", "aws:SourceVpc", "*", false],
    ["StringEqualsIfExists", "aws:SourceVpc", "vpc-1", true],
    ["StringNotEquals", "aws:SourceVpc", "vpc-1", true],
    ["NotIpAddress", "aws:VpcSourceIp", "10.0.0.0/8", true],
    ["Bool", "aws:MultiFactorAuthPresent", false, false],
    ["BoolIfExists", "aws:MultiFactorAuthPresent", false, true],
    ["NumericLessThan", "s3:TlsVersion", "1.2", false],
    ["ForAllValues:StringEquals", "aws:RequestTag/none", "x", true],
    ["ForAnyValue:StringEquals", "aws:RequestTag/none", "x", false],
    ["Null", "aws:SourceVpc", true, true],
  ] as const) {
    it(`${operator} ${key} ${JSON.stringify(value)} ${outcome ? "holds" : "does not hold"}`, () => {
      assert.equal(holds({ [operator]: { [key]: value as string } }), outcome);
    });
  }

  it("holds as a whole only if every key of every operator does", () => {
    const both = (name: string) => ({ StringEquals: { "aws:username": name }, Bool: { "aws:SecureTransport": "true" } });
    assert.equal(holds(both("anna")), true);
    assert.equal(holds(both("bob")), false);
    assert.equal(holds({ StringEquals: { "aws:username": "anna", "s3:prefix": "elsewhere" } }), false);
  });

  it("is none where there is none", () => {
    assert.equal(holds({}), true);
  });
});
