import type { ClusterSnapshotArgs } from "@pulumi/aws/rds/clusterSnapshot.js";
import type { SnapshotArgs } from "@pulumi/aws/rds/snapshot.js";
import type { Check } from "../../framework/check.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-snapshot-private",
  title: "No snapshot of a database is shared with everyone",
  severity: "critical",
  description: "Anyone with an AWS account can copy a public snapshot and read all of the data.",
  remediation: "Name the accounts in sharedAccounts that need the snapshot.",
  controls: { fsbp: ["RDS.1"], wellArchitected: ["SEC08"] },
  resources: { "aws:rds/clusterSnapshot:ClusterSnapshot": kept, "aws:rds/snapshot:Snapshot": kept },
});

function kept(snapshot: Resource<ClusterSnapshotArgs | SnapshotArgs>, { each, fail }: Check<unknown>): void {
  each(snapshot.at("sharedAccounts"), (account) => {
    if (account.value === "all") fail(account, `${account.path} is "all"`, "it must be an account");
  });
}
