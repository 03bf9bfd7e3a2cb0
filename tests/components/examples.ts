import type { ComponentResource } from "@pulumi/pulumi";
import {
  AlarmTopics,
  AppLogs,
  AppServer,
  Backup,
  type Balancer,
  Cache,
  Canary,
  Certificate,
  CloudflareDelivery,
  CloudFrontDelivery,
  ConnectionPooler,
  Database,
  Dns,
  EdgeMonitoring,
  Egress,
  Encryption,
  HostMetrics,
  JobQueue,
  LoadBalancer,
  LogBucket,
  Monitoring,
  Network,
  ObjectStore,
  ReadReplicas,
  Secrets,
  ServerFleet,
  type ServerGroupArgs,
  StaticAssets,
  Tracing,
  WebFirewall,
  Workers,
} from "../../components/index.ts";

/** The tags of every example. */
export const tags = { "platform:name": "test" };

/** The zones of every example. */
export const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] as const;

/** What a product may use, in every example. */
export const access = {
  secretArns: ["arn:test:secret"],
  keyArn: "arn:test:key",
  bucketArn: "arn:test:bucket",
  logGroup: { name: "/test/app", arn: "arn:test:log-group" },
};

/** The database's side of a connection, in every example. */
export const database = { securityGroupId: "sg-database", port: 5432 };

const accountId = "123456789012";
const region = "eu-central-1";
const keyArn = "arn:test:key";
const subnetIds = ["subnet-a", "subnet-b", "subnet-c"];
const logs = { logKeyArn: keyArn, logDays: 30 };
const topicArns = { critical: "arn:test:critical", warning: "arn:test:warning" };

/** The cluster that readers read from, in every example. */
export const cluster = {
  id: "platform-db",
  clusterIdentifier: "platform-db",
  readerEndpoint: "platform-db.cluster-ro-test.eu-central-1.rds.amazonaws.com",
  port: 5432,
};

/** What every group of servers needs, in every example. */
export const servers: ServerGroupArgs = {
  region,
  vpcId: "vpc-1",
  subnetIds,
  amiId: "ami-0123456789abcdef0",
  instanceTypes: ["m7g.large", "m6g.large"],
  image: "ghcr.io/example/shop:0.1.0",
  environment: { PUBLIC_URL: "https://shop.example.com" },
  access,
  reaches: { database },
  tags,
};

/** The load balancer before a fleet, in every example. */
export const balancer: Balancer = {
  securityGroupId: "sg-balancer",
  port: 8080,
  target: { arn: "arn:test:target-group", requestLabel: "app/front/1/targetgroup/servers/2" },
};

/** One component of each class, with no more arguments than it needs; the name is `one`. The tests that hold for every component take them from here. */
export const examples: Readonly<Record<string, () => ComponentResource>> = {
  AlarmTopics: () => new AlarmTopics("one", { email: "oncall@example.com", accountId, keyArn, tags }),
  AppLogs: () => new AppLogs("one", { groupName: "/test/app", namespace: "Test", keyArn, days: 30, tags }),
  AppServer: () =>
    new AppServer("one", {
      region,
      vpcId: "vpc-1",
      subnetId: "subnet-a",
      amiId: "ami-0123456789abcdef0",
      instanceType: "t4g.small",
      image: "ghcr.io/example/shop:0.1.0",
      environment: { ROLE: "web" },
      access,
      database,
      tags,
    }),
  Backup: () => new Backup("one", { accountId, keyArn, tags }),
  Certificate: () =>
    new Certificate("one", {
      domain: "shop.example.com",
      zoneId: "Z0123456789ABCDEFGHIJ",
      regions: ["eu-central-1", "us-east-1"],
      tags,
    }),
  CloudflareDelivery: () =>
    new CloudflareDelivery("one", {
      domain: "shop.example.com",
      zoneId: "0123456789abcdef0123456789abcdef",
      origin: { domain: "origin.shop.example.com", secret: "secret" },
    }),
  CloudFrontDelivery: () =>
    new CloudFrontDelivery("one", {
      domain: "shop.example.com",
      certificateArn: "arn:test:certificate",
      origin: { domain: "origin.shop.example.com", secret: "only we two know" },
      assets: { bucketName: "files", bucketArn: "arn:test:files", domainName: "files.test", accessControlId: "E1" },
      firewallArn: "arn:test:firewall",
      accountId,
      tags,
    }),
  Cache: () => new Cache("one", { vpcId: "vpc-1", subnetIds, keyArn, ...logs, tags }),
  Canary: () => new Canary("one", { domain: "shop.example.com", tags }),
  ConnectionPooler: () =>
    new ConnectionPooler("one", {
      region,
      accountId,
      vpcId: "vpc-1",
      subnetIds,
      clusterIdentifier: "platform-db",
      database,
      secretArn: "arn:test:secret",
      keyArn,
      ...logs,
      tags,
    }),
  Database: () =>
    new Database("one", {
      vpcId: "vpc-1",
      subnetIds,
      keyArn,
      databaseName: "shop",
      version: "17.5",
      minAcu: 0.5,
      maxAcu: 8,
      ...logs,
      tags,
    }),
  Dns: () => new Dns("one", { domain: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ", address: "203.0.113.10" }),
  EdgeMonitoring: () =>
    new EdgeMonitoring("one", {
      accountId,
      email: "oncall@example.com",
      watched: { distributionId: "E2EXAMPLE", firewall: { metricName: "one" }, healthCheckId: "0123" },
      tags,
    }),
  Egress: () =>
    new Egress("one", {
      region,
      vpcId: "vpc-1",
      cidr: "10.0.0.0/16",
      zones,
      publicSubnetIds: ["public-a", "public-b", "public-c"],
      privateRouteTableIds: ["routes-a", "routes-b", "routes-c"],
      tags,
    }),
  Encryption: () => new Encryption("one", { description: "Test", accountId, tags }),
  HostMetrics: () => new HostMetrics("one", { serverName: "one", tags }),
  JobQueue: () => new JobQueue("one", { accountId, keyArn, tags }),
  LoadBalancer: () =>
    new LoadBalancer("one", { region, accountId, vpcId: "vpc-1", subnetIds, certificateArn: "arn:test:certificate", tags }),
  LogBucket: () =>
    new LogBucket("one", { accountId, service: "delivery.logs.amazonaws.com", sourceArn: "arn:test:source:*", tags }),
  Monitoring: () =>
    new Monitoring("one", {
      region,
      watched: {
        namespace: "Test",
        server: { instanceId: "i-1", instanceType: "t4g.small" },
        database: { clusterIdentifier: "one", minAcu: 0.5, maxAcu: 8 },
        backupVaultName: "one",
      },
      topicArns,
      monthlyBudgetUsd: 200,
      tags,
    }),
  Network: () => new Network("one", { region, accountId, cidr: "10.0.0.0/16", zones, ...logs, tags }),
  ObjectStore: () => new ObjectStore("one", { keyArn, tags }),
  ReadReplicas: () =>
    new ReadReplicas("one", {
      cluster,
      version: "17.5",
      keyArn,
      parameterGroupName: "platform-db-parameters",
      zones,
      writerZone: "eu-central-1a",
      tags,
    }),
  Secrets: () => new Secrets("one", { keyArn, tags }),
  ServerFleet: () => new ServerFleet("one", { ...servers, balancer }),
  StaticAssets: () => new StaticAssets("one", { tags }),
  WebFirewall: () => new WebFirewall("one", { region: "us-east-1", scope: "CLOUDFRONT", tags }),
  Tracing: () => new Tracing("one", { tags }),
  Workers: () => new Workers("one", { ...servers, queueName: "jobs" }),
};
