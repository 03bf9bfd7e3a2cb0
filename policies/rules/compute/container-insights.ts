import type { ClusterArgs } from "@pulumi/aws/ecs/cluster.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "container-insights",
  title: "A cluster of containers measures its tasks",
  severity: "low",
  description:
    "Without Container Insights there are no figures of a single task, so the one that is starved hides in the average.",
  remediation: 'Add to settings { name: "containerInsights", value: "enhanced" }.',
  controls: { fsbp: ["ECS.12"], wellArchitected: ["OPS04", "REL06"] },
  since: "scaled",
  resources: {
    "aws:ecs/cluster:Cluster": (cluster: Resource<ClusterArgs>, { fail }) => {
      const settings = cluster.at("settings");
      const insights = settings.items.find((setting) => setting.at("name").value === "containerInsights");
      const value = insights?.at("value").value;
      if (value !== "enabled" && value !== "enhanced")
        fail(
          insights ?? settings,
          `containerInsights is ${value === undefined ? "nothing" : JSON.stringify(value)}`,
          'it must be one of "enabled", "enhanced"',
        );
    },
  },
});
