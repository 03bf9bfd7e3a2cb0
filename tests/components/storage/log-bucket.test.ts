import assert from "node:assert/strict";
import { LogBucket, type LogBucketArgs } from "../../../components/index.ts";
import { only, record } from "../../support/record.ts";
import { tags } from "../examples.ts";

const args: LogBucketArgs = {
  accountId: "123456789012",
  service: "logdelivery.elasticloadbalancing.amazonaws.com",
  sourceArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/*",
  tags,
};

const bucket = (changes: Partial<LogBucketArgs> = {}) => record(() => new LogBucket("logs", { ...args, ...changes }));

describe("LogBucket", () => {
  it("lets in the one service, for the account's own logs, by TLS", async () => {
    const { inputs } = only(await bucket(), "logs-writer");
    assert.deepEqual(JSON.parse(inputs["policy"] as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Action: "s3:*",
          Principal: "*",
          Resource: ["arn:test:logs-bucket", "arn:test:logs-bucket/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "TheServiceWrites",
          Action: "s3:PutObject",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Resource: "arn:test:logs-bucket/AWSLogs/123456789012/*",
          Condition: {
            ArnLike: { "aws:SourceArn": "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/*" },
          },
          Effect: "Allow",
        },
      ],
    });
  });

  it("lets logs expire after 90 days unless told otherwise", async () => {
    const expiration = async (changes: Partial<LogBucketArgs>) => {
      const rules = only(await bucket(changes), "logs-lifecycle").inputs["rules"] as { expiration?: unknown }[];
      return rules[0]?.expiration;
    };
    assert.deepEqual(await expiration({}), { days: 90 });
    assert.deepEqual(await expiration({ days: 7 }), { days: 7 });
  });

  it("keeps its logs when it is deleted by mistake, and goes with them once protect is false", async () => {
    const [kept, free] = [only(await bucket(), "logs-bucket"), only(await bucket({ protect: false }), "logs-bucket")];
    assert.deepEqual([kept.protect, kept.inputs["forceDestroy"]], [true, false]);
    assert.deepEqual([free.protect, free.inputs["forceDestroy"]], [false, true]);
  });

  it("refuses to keep logs for no day", async () => {
    await assert.rejects(bucket({ days: 0 }), new RangeError('LogBucket "logs": days is 0; allowed: 1 to 3650'));
  });
});
