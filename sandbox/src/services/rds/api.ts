import type { ApiCall, Demand } from "../../api/operation.ts";
import type { QueryService } from "../../api/query-protocol.ts";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { fleetOf } from "./fleet.ts";
import { isWriter, tierOf, writerOf } from "./roles.ts";
import { CLUSTER, CLUSTER_INSTANCE, membersOf } from "./types.ts";

/** Relational Database Service: who is in which role, and failover. Clusters and instances themselves come and go through the engine. */
export const rdsApi: QueryService = {
  namespace: "http://rds.amazonaws.com/doc/2014-10-31/",
  operations: {
    DescribeDBClusters: {
      demands: (call) => onCluster(call, "DescribeDBClusters"),
      run: (call) => ({
        DBClusters: { DBCluster: asked(call, CLUSTER, "DBClusterIdentifier").map((row) => clusterOf(call.cloud, row)) },
      }),
    },
    DescribeDBInstances: {
      demands: (call) => onInstance(call, "DescribeDBInstances"),
      run: (call) => ({
        DBInstances: { DBInstance: asked(call, CLUSTER_INSTANCE, "DBInstanceIdentifier").map(instanceOf) },
      }),
    },
    FailoverDBCluster: { demands: (call) => onCluster(call, "FailoverDBCluster"), run: failOver },
  },
};

/** Begins a failover, as RDS does: it is over when the cluster has another writer. */
function failOver({ cloud, input, region }: ApiCall): Props {
  const id = text(input, "DBClusterIdentifier").toLowerCase();
  const cluster = cloud.world.get(CLUSTER, id, region);
  if (cluster === undefined) throw notFound("DBCluster", id);
  const named = text(input, "TargetDBInstanceIdentifier").toLowerCase();
  const members = membersOf(cloud, cluster);
  const target = members.find((row) => row.id === named);
  if (named !== "" && target === undefined)
    throw new CloudError("InvalidDBInstanceState", `The DB instance ${named} isn't a member of the DB cluster ${id}.`);
  if (target !== undefined && isWriter(cloud, cluster, target))
    throw new CloudError("InvalidDBClusterStateFault", `The DB instance ${named} is the writer of the DB cluster ${id} already.`);
  if (writerOf(cloud, cluster) === undefined || members.length < 2)
    throw new CloudError("InvalidDBClusterStateFault", `The DB cluster ${id} has no reader that could take the writer's place.`);
  fleetOf(cloud)
    .failOver(cluster, target)
    .catch((error: unknown) => {
      cloud.note(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    });
  return { DBCluster: clusterOf(cloud, cluster) };
}

function asked({ cloud, input, region }: ApiCall, type: string, property: string): Resource[] {
  const id = text(input, property).toLowerCase();
  const rows = cloud.world.all(type).filter((row) => row.region === region && (id === "" || row.id === id));
  if (id !== "" && rows.length === 0) throw notFound(type === CLUSTER ? "DBCluster" : "DBInstance", id);
  return rows;
}

function notFound(what: "DBCluster" | "DBInstance", id: string): CloudError {
  return new CloudError(`${what}NotFound${what === "DBCluster" ? "Fault" : ""}`, `${what} ${id} not found.`, 404);
}

function clusterOf(cloud: Cloud, row: Resource): Props {
  const { outputs } = row;
  return {
    DBClusterIdentifier: row.id,
    DBClusterArn: text(outputs, "arn"),
    Status: statusOf(row),
    Engine: text(outputs, "engine"),
    EngineVersion: text(outputs, "engineVersionActual"),
    Endpoint: text(outputs, "endpoint"),
    ReaderEndpoint: text(outputs, "readerEndpoint"),
    Port: Number(outputs["port"] ?? 5432),
    DBClusterMembers: {
      DBClusterMember: membersOf(cloud, row).map((member) => ({
        DBInstanceIdentifier: member.id,
        IsClusterWriter: isWriter(cloud, row, member),
        PromotionTier: tierOf(member),
      })),
    },
  };
}

function instanceOf(row: Resource): Props {
  const { inputs, outputs } = row;
  return {
    DBInstanceIdentifier: row.id,
    DBInstanceArn: text(outputs, "arn"),
    DBInstanceStatus: statusOf(row),
    DBInstanceClass: text(outputs, "instanceClass"),
    DBClusterIdentifier: text(inputs, "clusterIdentifier"),
    AvailabilityZone: text(outputs, "availabilityZone"),
    Endpoint: { Address: text(outputs, "endpoint"), Port: Number(outputs["port"] ?? 5432) },
    PromotionTier: tierOf(row),
  };
}

function statusOf({ phase }: Resource): string {
  return phase === "ready" ? "available" : phase;
}

function onCluster(call: ApiCall, action: string): Demand {
  return on(call, action, "cluster", text(call.input, "DBClusterIdentifier"));
}

function onInstance(call: ApiCall, action: string): Demand {
  return on(call, action, "db", text(call.input, "DBInstanceIdentifier"));
}

function on({ cloud, region }: ApiCall, action: string, kind: string, id: string): Demand {
  return {
    action: `rds:${action}`,
    resource: `arn:aws:rds:${region}:${cloud.account}:${kind}:${id === "" ? "*" : id.toLowerCase()}`,
  };
}
