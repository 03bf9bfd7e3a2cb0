import { getProject, getStack } from "@pulumi/pulumi";
import {
  AlarmTopics,
  AppLogs,
  AppServer,
  Backup,
  Database,
  DATABASE_PORT,
  Dns,
  Encryption,
  Monitoring,
  Network,
  ObjectStore,
  Secrets,
  SPEAKERS,
} from "../components/index.ts";
import type { Settings, StageOutputs } from "./contract.ts";

/** The product's database; the same in every stage. */
const DATABASE_NAME = "shop";

/**
 * Stage 1: one server and a database that grows by itself, for up to about 10,000 users a day.
 * Adds: everything. Keeps: nothing, it is the first. What holds data here is in every later stage under the same name.
 */
export function monolith(settings: Settings): StageOutputs {
  const { accountId, name, protect, region } = settings;
  const tags = { "platform:project": getProject(), "platform:stack": getStack(), "platform:name": name };

  const dataKey = new Encryption(`${name}-data`, { description: `Data of ${name}`, accountId, protect, tags });
  const operationsKey = new Encryption(`${name}-operations`, {
    description: `Logs and alarms of ${name}`,
    accountId,
    services: SPEAKERS,
    logsOfRegion: region,
    protect,
    tags,
  });
  const network = new Network(`${name}-network`, {
    region,
    accountId,
    cidr: settings.cidr,
    zones: settings.zones,
    logKeyArn: operationsKey.keyArn,
    logDays: settings.logDays,
    protect,
    tags,
  });
  const database = new Database(`${name}-db`, {
    vpcId: network.vpcId,
    subnetIds: network.dataSubnetIds,
    keyArn: dataKey.keyArn,
    databaseName: DATABASE_NAME,
    version: settings.databaseVersion,
    minAcu: settings.databaseMinAcu,
    maxAcu: settings.databaseMaxAcu,
    backupDays: settings.databaseBackupDays,
    logKeyArn: operationsKey.keyArn,
    logDays: settings.logDays,
    protect,
    tags,
  });
  const objects = new ObjectStore(`${name}-objects`, { keyArn: dataKey.keyArn, protect, tags });
  const secrets = new Secrets(`${name}-secrets`, { keyArn: dataKey.keyArn, protect, tags });
  const namespace = `Platform/${name}`;
  const logs = new AppLogs(`${name}-logs`, {
    groupName: `/${name}/app`,
    namespace,
    keyArn: operationsKey.keyArn,
    days: settings.logDays,
    tags,
  });
  const server = new AppServer(`${name}-server`, {
    region,
    vpcId: network.vpcId,
    subnetId: network.publicSubnetIds[0],
    amiId: settings.amiId,
    instanceType: settings.instanceType,
    diskGib: settings.diskGib,
    image: settings.image,
    ...(settings.domain !== undefined && { domain: settings.domain }),
    environment: {
      ROLE: "web",
      SERVICES: "all",
      LOG_LEVEL: "info",
      AWS_REGION: region,
      DATABASE_ENDPOINT: database.endpoint,
      DATABASE_NAME,
      DATABASE_SECRET_ARN: database.secretArn,
      OBJECTS_BUCKET: objects.bucketName,
      APP_SECRET_ARN: secrets.appSecretArn,
    },
    access: {
      secretArns: [secrets.appSecretArn, database.secretArn],
      keyArn: dataKey.keyArn,
      bucketArn: objects.bucketArn,
      logGroup: { name: logs.groupName, arn: logs.groupArn },
    },
    database: { securityGroupId: database.securityGroupId, port: DATABASE_PORT },
    tags,
  });
  if (settings.domain !== undefined && settings.zoneId !== undefined) {
    new Dns(`${name}-dns`, { domain: settings.domain, zoneId: settings.zoneId, address: server.publicIp });
  }
  const backup = new Backup(`${name}-backup`, { accountId, keyArn: dataKey.keyArn, protect, tags });
  const topics = new AlarmTopics(`${name}-alarms`, {
    email: settings.alarmEmail,
    accountId,
    keyArn: operationsKey.keyArn,
    tags,
  });
  const monitoring = new Monitoring(`${name}-monitoring`, {
    region,
    watched: {
      namespace,
      server: { instanceId: server.instance.id, instanceType: settings.instanceType },
      database: {
        clusterIdentifier: database.cluster.clusterIdentifier,
        minAcu: settings.databaseMinAcu,
        maxAcu: settings.databaseMaxAcu,
      },
      backupVaultName: backup.vaultName,
    },
    topicArns: topics.arns,
    monthlyBudgetUsd: settings.monthlyBudgetUsd,
    tags,
  });

  return {
    stage: settings.stage,
    url: server.url,
    publicIp: server.publicIp,
    databaseEndpoint: database.endpoint,
    databaseName: DATABASE_NAME,
    databaseSecretArn: database.secretArn,
    objectsBucket: objects.bucketName,
    logGroup: logs.groupName,
    dashboardUrl: monitoring.dashboardUrl,
    alarmTopics: topics.arns,
  };
}
