import { type Props } from "../../../../sandbox/src/core/values.ts";
import { policyOf } from "../../support/api.ts";
import { refused } from "../../support/refused.ts";
import { BUCKET, denied, S3Fixture, type } from "./support.ts";

const ARN = `arn:aws:s3:::${BUCKET}`;

describe("access to a bucket by everybody", () => {
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
  });
  afterEach(() => s3.end());

  const policy = (...statements: object[]) => s3.make(type.policy, { bucket: BUCKET, policy: policyOf(...statements) });
  const open = (condition: object = {}) =>
    policy({
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `${ARN}/*`,
      ...(Object.keys(condition).length === 0 ? {} : { Condition: condition }),
    });
  const block = (inputs: Props = {}) => s3.make(type.publicAccess, { bucket: BUCKET, ...inputs });
  const isRefused = (work: Promise<unknown>) => refused(work, "AccessDenied", /BlockPublicPolicy/);

  it("is refused in a new bucket, as S3 has done since April 2023, and after the block says otherwise allowed", async () => {
    await isRefused(open());
    await block({ blockPublicPolicy: false });
    await open();
  });

  it("is refused again when the block is switched on, and allowed when it is taken away", async () => {
    const row = await block({ blockPublicPolicy: true });
    await isRefused(open());
    await s3.api.stack.delete(row);
    await open();
  });

  for (const [condition, isPublic] of [
    [{ StringEquals: { "aws:SourceVpc": "vpc-1" } }, false],
    [{ IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }, false],
    [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, true],
    [{ StringLike: { "aws:PrincipalArn": "arn:aws:iam::*" } }, true],
    [{ StringNotEquals: { "aws:SourceVpc": "vpc-1" } }, true],
    [{ StringEqualsIfExists: { "aws:SourceVpc": "vpc-1" } }, true],
    [{ StringEquals: { "s3:ExistingObjectTag/public": "yes" } }, true],
  ] as const) {
    it(`is ${isPublic ? "still" : "no longer"} what a policy means with ${JSON.stringify(condition)}`, async () => {
      if (isPublic) await isRefused(open(condition));
      else await open(condition);
    });
  }

  it("is not what an ACL can give: the owner's own are fine, others are refused", async () => {
    await s3.put("own", "x", { ACL: "bucket-owner-full-control" });
    await denied(
      s3.put("open", "x", { ACL: "public-read" }),
      "AccessControlListNotSupported",
      400,
      "The bucket does not allow ACLs",
    );
    await s3.make(type.ownership, { bucket: BUCKET, rule: { objectOwnership: "ObjectWriter" } });
    await denied(s3.put("open", "x", { ACL: "public-read" }), "AccessDenied", 403, "Access Denied");
    await denied(
      s3.put("open", "x", { ACL: "authenticated-read" }),
      "NotImplemented",
      501,
      /the sandbox keeps no ACLs \(x-amz-acl: authenticated-read\)$/,
    );
  });
});
