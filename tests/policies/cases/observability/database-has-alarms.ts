import rule from "../../../../policies/rules/observability/database-has-alarms.ts";
import { alarmedCases } from "../../support/alarms.ts";
import { casesOf } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";

export default casesOf(
  rule,
  together(
    alarmedCases("aws:rds/cluster:Cluster", "a cluster", {
      dimension: "DBClusterIdentifier",
      metrics: ["CPUUtilization", "DatabaseConnections"],
      name: "clusterIdentifier",
    }),
    alarmedCases("aws:rds/cluster:Cluster", "a serverless cluster", {
      dimension: "DBClusterIdentifier",
      inputs: { serverlessv2ScalingConfiguration: { maxCapacity: 16 } },
      metrics: ["ACUUtilization", "DatabaseConnections"],
      name: "clusterIdentifier",
      what: "the cluster",
    }),
    alarmedCases("aws:rds/instance:Instance", "an instance", {
      dimension: "DBInstanceIdentifier",
      metrics: ["CPUUtilization", "FreeStorageSpace"],
      name: "identifier",
    }),
    {
      passes: {},
      fails: {},
      unknown: {},
      survives: { "shop: serverlessv2ScalingConfiguration.maxCapacity: *": "any range is one" },
    },
  ),
);
