import * as pulumi from "@pulumi/pulumi";
import {
  Cache,
  CACHE_PORT,
  Canary,
  Certificate,
  CloudFrontDelivery,
  ConnectionPooler,
  DATABASE_PORT,
  Dns,
  EdgeMonitoring,
  Egress,
  JobQueue,
  LoadBalancer,
  ReadReplicas,
  ServerFleet,
  StaticAssets,
  WebFirewall,
  Workers,
} from "../components/index.ts";
import type { Front, Settings } from "./contract.ts";
import { DATABASE_NAME, type Foundation } from "./foundation.ts";

/** CloudFront takes certificates and firewalls from there only. */
const EDGE_REGION = "us-east-1";

/**
 * Stage 2: a fleet behind a load balancer, for up to about a million users a day.
 * Adds: the fleet, workers and their queue, readers and a pooler before the database, a cache, a content delivery network with a firewall.
 * Keeps: the foundation. Takes the place of the one server.
 */
export function scaled(settings: Settings, foundation: Foundation): Front {
  const { accountId, domain, logDays, name, protect, region, zoneId } = withDomain(settings);
  const { dataKey, database, network, operationsKey, tags } = foundation;
  const { vpcId } = network;
  // What stands beside the stage that serves people comes or goes with a move; only its logs stay.
  const leaving = settings.stage !== "scaled";
  const kept = { protect: protect && !leaving, keepLogs: protect };
  const log = { logKeyArn: operationsKey.keyArn, logDays };

  const origin = `origin.${domain}`;
  const certificate = new Certificate(`${name}-certificate`, {
    domain,
    otherDomains: [origin],
    zoneId,
    regions: [region, EDGE_REGION],
    tags,
  });
  const balancer = new LoadBalancer(`${name}-balancer`, {
    region,
    accountId,
    vpcId,
    subnetIds: network.publicSubnetIds,
    certificateArn: issued(certificate, region),
    ...kept,
    tags,
  });
  const originName = new Dns(`${name}-origin`, { domain: origin, zoneId, alias: balancer.alias });
  const firewall = new WebFirewall(`${name}-firewall`, {
    region: EDGE_REGION,
    scope: "CLOUDFRONT",
    requestsPerFiveMinutes: settings.requestsPerAddress,
    tags,
  });
  const cdn = new CloudFrontDelivery(
    `${name}-cdn`,
    {
      domain,
      certificateArn: issued(certificate, EDGE_REGION),
      origin: { domain: origin, secret: balancer.originSecret },
      assets: new StaticAssets(`${name}-assets`, { protect: kept.protect, tags }),
      firewallArn: firewall.arn,
      accountId,
      ...kept,
      tags,
    },
    { dependsOn: [originName] },
  );

  const egress = new Egress(`${name}-egress`, {
    vpcId,
    region,
    cidr: settings.cidr,
    zones: settings.zones,
    publicSubnetIds: network.publicSubnetIds,
    privateRouteTableIds: network.privateRouteTableIds,
    nat: settings.nat,
    endpoints: [],
    tags,
  });
  const readers = new ReadReplicas(`${name}-db-readers`, {
    cluster: database.cluster,
    version: settings.databaseVersion,
    keyArn: dataKey.keyArn,
    parameterGroupName: database.parameterGroupName,
    zones: settings.zones,
    writerZone: database.writerZone,
    readers: settings.databaseReaders,
    // Readers that the load brought are in no stack, so none may be left when the others go.
    ...(leaving && { maxReaders: settings.databaseReaders }),
    tags,
  });
  const pooler = new ConnectionPooler(
    `${name}-pooler`,
    {
      region,
      accountId,
      vpcId,
      subnetIds: network.dataSubnetIds,
      clusterIdentifier: database.cluster.clusterIdentifier,
      database: { securityGroupId: database.securityGroupId, port: DATABASE_PORT },
      secretArn: database.secretArn,
      keyArn: dataKey.keyArn,
      ...log,
      tags,
    },
    { dependsOn: [readers] },
  );
  const cache = new Cache(`${name}-cache`, {
    vpcId,
    subnetIds: network.dataSubnetIds,
    keyArn: dataKey.keyArn,
    nodeType: settings.cacheNodeType,
    ...log,
    tags,
  });
  const jobs = new JobQueue(`${name}-jobs`, { accountId, keyArn: dataKey.keyArn, tags });

  const server = serverArgs(settings, foundation, { cache, jobs, pooler });
  const waits = { dependsOn: [egress] };
  const web = new ServerFleet(
    `${name}-web`,
    {
      ...server,
      environment: { ...server.environment, ROLE: "web" },
      balancer: { securityGroupId: balancer.securityGroupId, port: balancer.port, target: servers(balancer) },
      minServers: settings.serversMin,
      maxServers: settings.serversMax,
      // Names, because the alarms are made after the fleet that they watch.
      rollbackAlarms: ["errors", "latency"].map((role) => `${name}-monitoring-balancer-${role}`),
    },
    waits,
  );
  const workers = new Workers(
    `${name}-workers`,
    { ...server, queueName: jobs.queueName, minServers: settings.workersMin, maxServers: settings.workersMax },
    waits,
  );

  const canary = new Canary(`${name}-canary`, { domain, tags });
  new EdgeMonitoring(`${name}-edge-monitoring`, {
    accountId,
    email: settings.alarmEmail,
    watched: {
      distributionId: cdn.distributionId,
      healthCheckId: canary.healthCheckId,
      firewall: { metricName: firewall.metricName },
    },
    tags,
  });

  return {
    url: pulumi.output(cdn.url),
    directUrl: pulumi.output(`https://${origin}`),
    target: { alias: cdn.alias, ipv6: true },
    ready: [web, workers, cdn],
    watched: {
      balancer: { arnSuffix: balancer.arnSuffix, targets: { servers: servers(balancer).arnSuffix } },
      groups: {
        web: { groupName: web.groupName, instanceType: settings.instanceType, maxServers: settings.serversMax },
        workers: { groupName: workers.groupName, instanceType: settings.instanceType, maxServers: settings.workersMax },
      },
      readers: true,
      pooler: { proxyName: pooler.proxyName },
      cache: { nodeIds: cache.nodeIds },
      jobs: { queueName: jobs.queueName, failedName: jobs.failedName },
    },
    outputs: { distributionId: cdn.distributionId, jobsQueueUrl: jobs.url },
  };
}

/** The settings check has seen to it that there is a domain; the types cannot know. */
function withDomain(settings: Settings): Settings & { readonly domain: string; readonly zoneId: string } {
  const { domain, zoneId } = settings;
  if (domain === undefined || zoneId === undefined)
    throw new RangeError("stage scaled needs platform:domain and platform:zoneId");
  return { ...settings, domain, zoneId };
}

function issued({ arns }: Certificate, region: string): pulumi.Output<string> {
  const arn = arns[region];
  if (arn === undefined) throw new RangeError(`the certificate is not wanted in ${region}`);
  return arn;
}

function servers({ targets }: LoadBalancer): LoadBalancer["targets"][string] {
  const { servers: target } = targets;
  if (target === undefined) throw new RangeError('the load balancer has no group "servers"');
  return target;
}

/** What the servers of both fleets have in common. */
function serverArgs(
  settings: Settings,
  { dataKey, database, logs, network, objects, secrets, tags }: Foundation,
  { cache, jobs, pooler }: { readonly cache: Cache; readonly jobs: JobQueue; readonly pooler: ConnectionPooler },
) {
  return {
    region: settings.region,
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    amiId: settings.amiId,
    instanceTypes: [settings.instanceType] as const,
    diskGib: settings.diskGib,
    image: settings.image,
    environment: {
      SERVICES: "all",
      LOG_LEVEL: "info",
      AWS_REGION: settings.region,
      PUBLIC_URL: `https://${settings.domain ?? ""}`,
      DATABASE_ENDPOINT: pooler.endpoint,
      ...(pooler.readerEndpoint && { DATABASE_READER_ENDPOINT: pooler.readerEndpoint }),
      DATABASE_NAME,
      DATABASE_SECRET_ARN: database.secretArn,
      CACHE_ENDPOINT: cache.endpoint,
      CACHE_SECRET_ARN: cache.secretArn,
      JOBS_QUEUE_URL: jobs.url,
      OBJECTS_BUCKET: objects.bucketName,
      APP_SECRET_ARN: secrets.appSecretArn,
    },
    access: {
      secretArns: [secrets.appSecretArn, database.secretArn, cache.secretArn],
      keyArn: dataKey.keyArn,
      bucketArn: objects.bucketArn,
      queueArn: jobs.arn,
      logGroup: { name: logs.groupName, arn: logs.groupArn },
    },
    reaches: {
      database: { securityGroupId: pooler.securityGroupId, port: DATABASE_PORT },
      cache: { securityGroupId: cache.securityGroupId, port: CACHE_PORT },
    },
    tags,
  };
}
