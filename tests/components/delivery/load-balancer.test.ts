import assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { tags } from "../examples.ts";

const args: LoadBalancerArgs = {
  region: "eu-central-1",
  accountId: "123456789012",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  certificateArn: "arn:test:certificate",
  tags,
};

const balancer = (changes: Partial<LoadBalancerArgs> = {}): Promise<Recorded[]> =>
  record(() => new LoadBalancer("front", { ...args, ...changes }));

/** The conditions and actions of the one rule. */
async function ruleOf(changes: Partial<LoadBalancerArgs> = {}): Promise<{ conditions: unknown; actions: unknown }> {
  const { inputs } = only(await balancer(changes), "front-forward");
  return { conditions: inputs["conditions"], actions: inputs["actions"] };
}

const secretOf = (generation: number): string => `front-origin-secret-${generation}-`.padEnd(48, "x");

describe("LoadBalancer", () => {
  it("makes exactly these resources", async () => {
    assert.deepEqual((await balancer()).map(identity).sort(), [
      "platform:delivery:LoadBalancer$aws:ec2/securityGroup:SecurityGroup::front-access",
      "platform:delivery:LoadBalancer$aws:lb/listener:Listener::front-http",
      "platform:delivery:LoadBalancer$aws:lb/listener:Listener::front-https",
      "platform:delivery:LoadBalancer$aws:lb/listenerRule:ListenerRule::front-forward",
      "platform:delivery:LoadBalancer$aws:lb/loadBalancer:LoadBalancer::front-balancer",
      "platform:delivery:LoadBalancer$aws:lb/targetGroup:TargetGroup::front-to-servers",
      "platform:delivery:LoadBalancer$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::front-in-http",
      "platform:delivery:LoadBalancer$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::front-in-https",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket$aws:s3/bucket:Bucket::front-logs-bucket",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::front-logs-lifecycle",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket$aws:s3/bucketOwnershipControls:BucketOwnershipControls::front-logs-owner",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket$aws:s3/bucketPolicy:BucketPolicy::front-logs-writer",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket$aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::front-logs-closed",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket$aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::front-logs-encryption",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket$aws:s3/bucketVersioning:BucketVersioning::front-logs-versions",
      "platform:delivery:LoadBalancer$platform:storage:LogBucket::front-logs",
      "platform:delivery:LoadBalancer$random:index/randomPassword:RandomPassword::front-origin-secret-1",
      "platform:delivery:LoadBalancer::front",
    ]);
  });

  it("is public, in three zones, drops malformed headers, and refuses to be deleted", async () => {
    const { inputs, protect } = only(await balancer(), "front-balancer");
    assert.deepEqual(inputs, {
      name: "front",
      loadBalancerType: "application",
      internal: false,
      subnets: ["subnet-a", "subnet-b", "subnet-c"],
      securityGroups: ["front-access-id"],
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      idleTimeout: 65,
      accessLogs: { bucket: "front-logs-bucket-0123456", enabled: true },
      enableDeletionProtection: true,
      tags: { "platform:name": "test", Name: "front" },
    });
    assert.equal(protect, true);
  });

  it("can be taken down once protect is false", async () => {
    const resources = await balancer({ protect: false });
    assert.equal(only(resources, "front-balancer").inputs["enableDeletionProtection"], false);
    assert.deepEqual(
      resources.filter(({ protect }) => protect),
      [],
    );
  });

  it("cuts its name to the 32 characters that ELB allows, and ends it with no hyphen", async () => {
    const long = await record(() => new LoadBalancer("a-platform-with-a-very-long-abc-balancer", args));
    assert.equal(
      only(long, "a-platform-with-a-very-long-abc-balancer-balancer").inputs["name"],
      "a-platform-with-a-very-long-abc",
    );
  });

  it("answers plain HTTP with the way to HTTPS, and HTTPS that no rule fits with 403", async () => {
    const resources = await balancer();
    assert.deepEqual(only(resources, "front-http").inputs["defaultActions"], [
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
    ]);
    const { inputs } = only(resources, "front-https");
    assert.deepEqual(inputs["defaultActions"], [
      { type: "fixed-response", fixedResponse: { statusCode: "403", contentType: "text/plain", messageBody: "Forbidden" } },
    ]);
    assert.equal(inputs["sslPolicy"], "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09");
    assert.equal(inputs["certificateArn"], "arn:test:certificate");
  });

  it("passes on only what brings the origin's secret", async () => {
    assert.deepEqual(await ruleOf(), {
      conditions: [{ httpHeader: { httpHeaderName: "X-Origin-Secret", values: [secretOf(1)] } }],
      actions: [{ type: "forward", forward: { targetGroups: [{ arn: "arn:test:front-to-servers", weight: 100 }] } }],
    });
  });

  it("takes the secret before the present one as well, so that a change of it refuses nobody", async () => {
    const { conditions } = await ruleOf({ secretGeneration: 7 });
    assert.deepEqual(conditions, [{ httpHeader: { httpHeaderName: "X-Origin-Secret", values: [secretOf(7), secretOf(6)] } }]);
    const { result } = await run(() => new LoadBalancer("front", { ...args, secretGeneration: 7 }).originSecret);
    assert.equal(result, secretOf(7));
  });

  it("passes everything on when it stands before the public itself", async () => {
    assert.deepEqual((await ruleOf({ clients: "anyone" })).conditions, [{ pathPattern: { values: ["*"] } }]);
  });

  it("shares requests out by weight, so that they move from one group to another by two numbers", async () => {
    assert.deepEqual((await ruleOf({ weights: { blue: 90, green: 10 } })).actions, [
      {
        type: "forward",
        forward: {
          targetGroups: [
            { arn: "arn:test:front-to-blue", weight: 90 },
            { arn: "arn:test:front-to-green", weight: 10 },
          ],
        },
      },
    ]);
  });

  it("asks servers for /readyz every ten seconds, lets new ones warm up and old ones end their requests", async () => {
    const { inputs } = only(await balancer(), "front-to-servers");
    assert.deepEqual(inputs, {
      namePrefix: "serve-",
      vpcId: "vpc-1",
      targetType: "instance",
      protocol: "HTTP",
      port: 8080,
      healthCheck: { path: "/readyz", matcher: "200", interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 },
      slowStart: 30,
      deregistrationDelay: 60,
      tags,
    });
  });

  it("gives what names, servers and alarms need", async () => {
    const { result } = await run(() => {
      const { alias, arnSuffix, port, securityGroupId, targets } = new LoadBalancer("front", args);
      return { alias, arnSuffix, port, securityGroupId, targets };
    });
    assert.deepEqual(result, {
      alias: { name: "front-balancer-0123456789.eu-central-1.elb.amazonaws.com", zoneId: "Z215JYRZR1TBD5" },
      arnSuffix: "app/front-balancer/0123456789abcdef",
      port: 8080,
      securityGroupId: "front-access-id",
      targets: {
        servers: {
          arn: "arn:test:front-to-servers",
          arnSuffix: "targetgroup/front-to-servers/0123456789abcdef",
          requestLabel: "app/front-balancer/0123456789abcdef/targetgroup/front-to-servers/0123456789abcdef",
        },
      },
    });
  });

  const refusals: readonly (readonly [Partial<LoadBalancerArgs>, string])[] = [
    [{ weights: {} }, "the number of groups in weights is 0; allowed: 1 to 5"],
    [{ weights: { blue: 1000 } }, "weights.blue is 1000; allowed: 0 to 999"],
    [
      { weights: { "Blue!": 1 } },
      'weights names a group "Blue!"; allowed: small letters, digits and single hyphens, a letter first',
    ],
    [{ slowStartSeconds: 10 }, "slowStartSeconds is 10; allowed: 30 to 900"],
    [{ drainSeconds: 4000 }, "drainSeconds is 4000; allowed: 0 to 3600"],
    [{ secretGeneration: 0 }, "secretGeneration is 0; allowed: 1 to 1000000"],
  ];
  for (const [changes, words] of refusals)
    it(`refuses ${JSON.stringify(changes)}`, async () => {
      await assert.rejects(balancer(changes), new RangeError(`LoadBalancer "front": ${words}`));
    });
});
