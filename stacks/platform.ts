import { Dns, Monitoring, type MonitoringArgs } from "../components/index.ts";
import { monolith } from "./1-monolith.ts";
import { scaled } from "./2-scaled.ts";
import type { Front, Settings, Stage, StageOutputs } from "./contract.ts";
import { DATABASE_NAME, type Foundation, foundation } from "./foundation.ts";
import type { StageName } from "./rungs.ts";

const FRONTS: Readonly<Record<StageName, Stage>> = { monolith, scaled };

/**
 * The platform as the settings want it: the foundation, which every stage shares, and the front of the stage that serves people. During a
 * move the front of a second stage stands beside it, so that the product's name can be led from one to the other while both answer.
 */
export function platform(settings: Settings): StageOutputs {
  const { alongside, stage } = settings;
  const base = foundation(settings);
  const front = FRONTS[stage](settings, base);
  const beside = alongside === undefined ? undefined : FRONTS[alongside](settings, base);
  nameLeadsTo(front, settings);
  const monitoring = watch(settings, base, beside === undefined ? [front] : [beside, front]);
  return {
    stage,
    url: front.url,
    ...(beside && { besideUrl: beside.directUrl }),
    databaseEndpoint: base.database.endpoint,
    databaseName: DATABASE_NAME,
    databaseSecretArn: base.database.secretArn,
    objectsBucket: base.objects.bucketName,
    logGroup: base.logs.groupName,
    dashboardUrl: monitoring.dashboardUrl,
    alarmTopics: base.topics.arns,
    ...front.outputs,
  };
}

function nameLeadsTo({ ready, target }: Front, { domain, name, zoneId }: Settings): void {
  if (domain === undefined || zoneId === undefined) return;
  new Dns(`${name}-dns`, { domain, zoneId, ...target }, { dependsOn: [...ready] });
}

function watch(settings: Settings, base: Foundation, fronts: readonly Front[]): Monitoring {
  const { databaseMaxAcu: maxAcu, databaseMinAcu: minAcu, monthlyBudgetUsd, name, region } = settings;
  const database = { clusterIdentifier: base.database.cluster.clusterIdentifier, minAcu, maxAcu };
  const shared = { namespace: base.namespace, database, backupVaultName: base.backup.vaultName };
  return new Monitoring(`${name}-monitoring`, {
    region,
    watched: Object.assign(shared, ...fronts.map(({ watched }) => watched)) as MonitoringArgs["watched"],
    topicArns: base.topics.arns,
    monthlyBudgetUsd,
    tags: base.tags,
  });
}
