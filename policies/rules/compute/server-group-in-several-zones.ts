import type { GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import { rule } from "../../framework/rule.ts";
import type { Resource } from "../../framework/resource.ts";

export default rule({
  id: "server-group-in-several-zones",
  title: "A group of servers stands in more than one availability zone",
  severity: "high",
  description:
    "When the zone of all servers fails, there is none left to take over, and often no room for new ones in the others.",
  remediation: "Name subnets of two zones or more in vpcZoneIdentifiers.",
  controls: { fsbp: ["AutoScaling.2"], wellArchitected: ["REL10"] },
  since: "scaled",
  resources: {
    "aws:autoscaling/group:Group": (group: Resource<GroupArgs>, { fail }) => {
      const subnets = group.at("vpcZoneIdentifiers");
      const zones = group.at("availabilityZones");
      const [named, what] = subnets.isSet ? [subnets, "subnet"] : [zones, "zone"];
      const count = named.items.length;
      if (count < 2)
        fail(
          named,
          `the group names ${count === 0 ? "no subnet" : `1 ${what}`}`,
          "it must name at least 2, each of a zone of its own",
        );
    },
  },
});
