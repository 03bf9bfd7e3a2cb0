import type { DetectorArgs } from "@pulumi/aws/guardduty/detector.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "threats-watched",
  title: "A GuardDuty detector watches",
  severity: "high",
  description: "A detector that is suspended still looks as if somebody were on guard.",
  remediation: "Leave enable out, or set it to true.",
  controls: { fsbp: ["GuardDuty.1"], wellArchitected: ["SEC04"] },
  resources: {
    "aws:guardduty/detector:Detector": (detector: Resource<DetectorArgs>, { must }) => {
      must(detector.at("enable").or(true), beTrue);
    },
  },
});
