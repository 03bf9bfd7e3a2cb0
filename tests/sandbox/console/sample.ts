import type { Resource } from "../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../sandbox/src/core/values.ts";
import type { ConsoleProcess, ConsoleSnapshot } from "../../../sandbox/src/console/sources.ts";

/** 12 October 2026, 09:30:00 UTC. */
export const NOON = Date.UTC(2026, 9, 12, 9, 30);

/** A secret that the sample world holds in three places where secrets are, and in one where none should be. */
export const PLANTED = "correct-horse-battery-staple";

/** One row of a world. */
export function resource(
  type: string,
  name: string,
  id: string,
  outputs: Props = {},
  phase: Resource["phase"] = "ready",
): Resource {
  const urn = `urn:pulumi:sandbox::platform::${type}::${name}`;
  return { type, id, urn, region: "eu-central-1", inputs: {}, outputs: { id, ...outputs }, phase, claimed: true };
}

/** A process that answers since an hour. */
export function process(name: string, rest: Partial<ConsoleProcess> = {}): ConsoleProcess {
  return { name, pid: 4711, state: "ready", restarts: 0, memoryBytes: 48 * 2 ** 20, startedAt: NOON - 3_600_000, ...rest };
}

const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];

function network(): Resource[] {
  const subnets = (["public", "private", "data"] as const).flatMap((tier, row) =>
    zones.map((availabilityZone, column) =>
      resource("aws:ec2/subnet:Subnet", `platform-network-${tier}-${String(column)}`, `subnet-0${tier}${String(column)}`, {
        vpcId: "vpc-0a1b2c3d4e5f60718",
        availabilityZone,
        cidrBlock: `10.0.${String(row * 48 + column * 16)}.0/20`,
      }),
    ),
  );
  return [
    resource("aws:ec2/vpc:Vpc", "platform-network", "vpc-0a1b2c3d4e5f60718", { cidrBlock: "10.0.0.0/16" }),
    ...subnets,
    resource("aws:ec2/routeTable:RouteTable", "platform-network-public", "rtb-0public"),
    resource("aws:ec2/route:Route", "platform-network-out", "r-rtb-0public", {
      routeTableId: "rtb-0public",
      gatewayId: "igw-01",
    }),
    ...zones.map((_, at) =>
      resource(
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        `platform-network-public-${String(at)}`,
        `rtbassoc-${String(at)}`,
        {
          routeTableId: "rtb-0public",
          subnetId: `subnet-0public${String(at)}`,
        },
      ),
    ),
    resource("aws:ec2/vpcEndpoint:VpcEndpoint", "platform-network-s3", "vpce-01", {
      serviceName: "com.amazonaws.eu-central-1.s3",
    }),
  ];
}

function server(): Resource[] {
  return [
    resource("aws:ec2/eip:Eip", "platform-app-address", "eipalloc-0abc", { publicIp: "203.0.113.10" }),
    resource("aws:ec2/eipAssociation:EipAssociation", "platform-app-address", "eipassoc-0abc", {
      allocationId: "eipalloc-0abc",
      instanceId: "i-0123456789abcdef0",
    }),
    resource("aws:ec2/instance:Instance", "platform-app", "i-0123456789abcdef0", {
      subnetId: "subnet-0public0",
      instanceType: "t4g.small",
      privateIp: "10.0.0.14",
      vpcSecurityGroupIds: ["sg-0app"],
      userDataBase64: PLANTED,
    }),
    ...[80, 443].map((toPort) =>
      resource(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        `platform-app-${String(toPort)}`,
        `sgr-${String(toPort)}`,
        {
          securityGroupId: "sg-0app",
          cidrIpv4: "0.0.0.0/0",
          toPort,
        },
      ),
    ),
  ];
}

function database(): Resource[] {
  return [
    resource("aws:rds/subnetGroup:SubnetGroup", "platform-db", "platform-db-subnets", {
      name: "platform-db-subnets",
      subnetIds: zones.map((_, at) => `subnet-0data${String(at)}`),
    }),
    resource("aws:rds/cluster:Cluster", "platform-db", "platform-db", {
      clusterIdentifier: "platform-db",
      dbSubnetGroupName: "platform-db-subnets",
      vpcSecurityGroupIds: ["sg-0db"],
      engine: "aurora-postgresql",
      endpoint: "platform-db.cluster-abc.eu-central-1.rds.amazonaws.com",
      masterPassword: PLANTED,
    }),
    resource("aws:rds/clusterInstance:ClusterInstance", "platform-db-0", "platform-db-0", {
      clusterIdentifier: "platform-db",
      availabilityZone: "eu-central-1b",
      engine: "aurora-postgresql",
      engineVersion: "17.5",
    }),
    resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "platform-db-from-app", "sgr-5432", {
      securityGroupId: "sg-0db",
      referencedSecurityGroupId: "sg-0app",
      toPort: 5432,
    }),
  ];
}

function services(): Resource[] {
  return [
    resource("aws:s3/bucket:Bucket", "platform-objects", "platform-objects-1a2b3c4", { bucket: "platform-objects-1a2b3c4" }),
    resource(
      "aws:secretsmanager/secret:Secret",
      "platform-app-secret",
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app-AbCdEf",
    ),
    resource("aws:secretsmanager/secretVersion:SecretVersion", "platform-app-secret", "app|1", { secretString: PLANTED }),
    {
      ...resource("random:index/randomPassword:RandomPassword", "platform-app-secret", "none", { result: PLANTED }),
      region: "us-east-1",
    },
    resource("aws:kms/key:Key", "platform-key", "1234abcd-12ab-34cd-56ef-1234567890ab"),
    resource("aws:cloudwatch/logGroup:LogGroup", "platform-app-logs", "/platform/app", { retentionInDays: 30 }),
    resource("aws:cloudwatch/metricAlarm:MetricAlarm", "platform-errors", "platform-errors", { threshold: 1 }),
    resource("aws:cloudwatch/metricAlarm:MetricAlarm", "platform-latency", "platform-latency", { threshold: 500 }),
    resource("aws:sns/topic:Topic", "platform-alarms", "arn:aws:sns:eu-central-1:123456789012:platform-alarms"),
    resource("aws:backup/vault:Vault", "platform-backups", "platform-backups"),
  ];
}

/** The world of a small deployed stage, with everything in order. */
export function sample(): ConsoleSnapshot {
  return {
    account: "123456789012",
    resources: [...network(), ...server(), ...database(), ...services()],
    processes: [
      process("app-i-0123456789abcdef0"),
      process("postgres", { owner: "platform-db", pid: 4712, memoryBytes: 21 * 2 ** 20 }),
    ],
    doors: [{ name: "eipalloc-0abc", url: "http://127.0.0.1:41080", target: "203.0.113.10:443", requestsPerMinute: 118 }],
    alarms: [
      { name: "platform-errors", state: "OK", reason: "0.2 % is below 1 %" },
      { name: "platform-latency", state: "INSUFFICIENT_DATA", reason: "no requests in the last 5 minutes" },
    ],
    events: [
      { at: NOON - 61_000, message: "platform-db-0 answers" },
      { at: NOON - 60_000, message: `the product started with APP_SECRET=${PLANTED}` },
    ],
    faults: [],
    mail: [{ at: NOON - 30_000, to: "ops@example.com", subject: "AWS Notification - Subscription Confirmation" }],
  };
}
