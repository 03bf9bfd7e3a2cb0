import { getProject, getStack } from "@pulumi/pulumi";
import {
  AlarmTopics,
  AppLogs,
  Backup,
  Database,
  Encryption,
  Network,
  ObjectStore,
  Secrets,
  SPEAKERS,
} from "../components/index.ts";
import type { Tags } from "../components/shared/tags.ts";
import type { Settings } from "./contract.ts";

/** The product's database; the same in every stage. */
export const DATABASE_NAME = "shop";

/**
 * What every stage stands on: keys, network, database, objects, secrets, logs, backups and the topics of alarms. All that holds data is
 * here, so a change of stage cannot touch it.
 */
export interface Foundation {
  readonly tags: Tags;
  readonly dataKey: Encryption;
  readonly operationsKey: Encryption;
  readonly network: Network;
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly secrets: Secrets;
  readonly logs: AppLogs;
  /** Namespace of the metrics counted from the product's log lines. */
  readonly namespace: string;
  readonly backup: Backup;
  readonly topics: AlarmTopics;
}

/** Makes the part of the platform that stays. */
export function foundation(settings: Settings): Foundation {
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
  const backup = new Backup(`${name}-backup`, { accountId, keyArn: dataKey.keyArn, protect, tags });
  const topics = new AlarmTopics(`${name}-alarms`, {
    email: settings.alarmEmail,
    accountId,
    keyArn: operationsKey.keyArn,
    tags,
  });
  return { tags, dataKey, operationsKey, network, database, objects, secrets, logs, namespace, backup, topics };
}
