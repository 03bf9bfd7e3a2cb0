import { CloudError, type Operation } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { snapshotNamed, sourceOf } from "./cluster-server.ts";
import { invalidCombination, invalidValue } from "./errors.ts";
import { fleetOf } from "./fleet.ts";
import { requirePassword } from "./master-password.ts";
import { serverId } from "./types.ts";

/** Names that the engine keeps for itself (RDS User Guide, "Master user account privileges"). */
const RESERVED_USERS = /^(admin|public|user|rdsadmin|rdsrepladmin|rds_.*|pg_.*)$/i;
const RESERVED_DATABASES = /^(db|rdsadmin|template0|template1)$/i;

/** What a cluster has from where it comes from: the master and the database of its inputs, or those of the snapshot or cluster that it is restored from. */
export function originOutputs(operation: Operation): Props {
  const { inputs } = operation;
  requirePassword(inputs);
  const kept = keptFrom(operation);
  if (kept !== undefined) return kept;
  const username = text(inputs, "masterUsername");
  if (username === "") throw invalidValue("The parameter MasterUsername must be provided and must not be blank.");
  if (!/^[A-Za-z]\w{0,62}$/.test(username)) throw invalidValue("Invalid master user name");
  if (RESERVED_USERS.test(username))
    throw invalidValue(`MasterUsername ${username} cannot be used as it is a reserved word used by the engine`);
  const password = text(inputs, "masterPassword") || text(inputs, "masterPasswordWo");
  if (password === "" && inputs["manageMasterUserPassword"] !== true)
    throw invalidValue("The parameter MasterUserPassword must be provided and must not be blank.");
  return { masterUsername: username, databaseName: databaseName(inputs), port: inputs["port"] ?? 5432 };
}

function databaseName(inputs: Props): string {
  const name = text(inputs, "databaseName");
  if (name === "") return "";
  if (!/^[A-Za-z]\w{0,62}$/.test(name))
    throw invalidValue("DatabaseName must begin with a letter and contain only alphanumeric characters.");
  if (RESERVED_DATABASES.test(name))
    throw invalidValue(`DatabaseName ${name} cannot be used. It is a reserved word for this engine`);
  return name;
}

/** What the snapshot or the source of a restore hands on; undefined for a cluster that begins empty. */
function keptFrom({ cloud, inputs, region }: Operation): Props | undefined {
  const snapshot = text(inputs, "snapshotIdentifier");
  const restore = inputs["restoreToPointInTime"] as Props | undefined;
  if (snapshot !== "") {
    const row = snapshotNamed(cloud, snapshot, region);
    if (row?.phase !== "ready")
      throw new CloudError("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot not found: ${snapshot}`, 404);
    return handedOn(inputs, row.outputs, "engineVersion");
  }
  if (restore === undefined) return undefined;
  const source = sourceOf(cloud, restore, region);
  const named = text(restore, "sourceClusterIdentifier") || text(restore, "sourceClusterResourceId");
  if (source === undefined) throw new CloudError("DBClusterNotFoundFault", `DBCluster ${named} not found.`, 404);
  requireRestorable(restore, fleetOf(cloud).servers.earliestRestorable(serverId(source)), cloud.now());
  return handedOn(inputs, source.outputs, "engineVersionActual");
}

function handedOn(inputs: Props, from: Props, version: string): Props {
  return {
    masterUsername: text(from, "masterUsername"),
    databaseName: text(from, "databaseName"),
    port: inputs["port"] ?? from["port"] ?? 5432,
    engineVersion: text(inputs, "engineVersion") || text(from, version),
  };
}

function requireRestorable(restore: Props, earliest: Date | undefined, now: number): void {
  const time = text(restore, "restoreToTime");
  const latest = restore["useLatestRestorableTime"] === true;
  if ((time === "") !== latest)
    throw invalidCombination("Exactly one of restoreToTime and useLatestRestorableTime must be given for restoreToPointInTime.");
  if (earliest === undefined)
    throw new CloudError(
      "InvalidDBClusterStateFault",
      "The source cluster has no backup yet: its first instance has not started.",
    );
  if (latest) return;
  const moment = Date.parse(time);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(time) || Number.isNaN(moment))
    throw invalidValue(
      `"restoreToTime" must be in RFC3339 time format "2006-01-02T15:04:05Z". Example: 2026-11-24T13:00:00Z; got ${time}`,
    );
  if (moment < earliest.getTime() || moment > now) {
    throw new CloudError(
      "InvalidRestoreFault",
      `The specified time ${time} is not within the restorable period, ${earliest.toISOString()} to ${new Date(now).toISOString()}.`,
    );
  }
}
