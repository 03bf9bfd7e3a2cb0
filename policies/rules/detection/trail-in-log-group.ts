import type { TrailArgs } from "@pulumi/aws/cloudtrail/trail.js";
import { beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "trail-in-log-group",
  title: "A trail is also sent where alarms can be set on it",
  severity: "low",
  description:
    "A bucket keeps the trail but tells nobody; on a log group an alarm can watch for root logins and changed policies.",
  remediation: "Set cloudWatchLogsGroupArn and cloudWatchLogsRoleArn.",
  controls: { fsbp: ["CloudTrail.5"], wellArchitected: ["SEC04"] },
  since: "scaled",
  resources: {
    "aws:cloudtrail/trail:Trail": (trail: Resource<TrailArgs>, { must }) => {
      const { cloudWatchLogsGroupArn: sources = [] } = trail.propertyDependencies;
      if (sources.length === 0) must(trail.at("cloudWatchLogsGroupArn"), beSet("name a log group"));
    },
  },
});
