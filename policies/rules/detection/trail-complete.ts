import type { TrailArgs } from "@pulumi/aws/cloudtrail/trail.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "trail-complete",
  title: "A trail records every region and can be proven whole",
  severity: "high",
  description:
    "An intruder works in the region that nobody watches. Without validation nobody can show that no line of the trail was taken out.",
  remediation:
    "Set isMultiRegionTrail and enableLogFileValidation to true, and leave enableLogging and includeGlobalServiceEvents out.",
  controls: {
    fsbp: ["CloudTrail.1", "CloudTrail.4"],
    securityHub: ["CloudTrail.3"],
    cisAws3: ["3.1", "3.2"],
    cisAws5: ["3.1", "3.2"],
    pci4: ["10.2.1"],
    wellArchitected: ["SEC04"],
  },
  resources: {
    "aws:cloudtrail/trail:Trail": (trail: Resource<TrailArgs>, { must }) => {
      must(trail.at("isMultiRegionTrail"), beTrue);
      must(trail.at("enableLogFileValidation"), beTrue);
      for (const event of ["enableLogging", "includeGlobalServiceEvents"] as const) must(trail.at(event).or(true), beTrue);
    },
  },
});
