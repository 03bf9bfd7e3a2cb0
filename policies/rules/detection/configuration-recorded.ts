import type { RecorderArgs } from "@pulumi/aws/cfg/recorder.js";
import type { RecorderStatusArgs } from "@pulumi/aws/cfg/recorderStatus.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "configuration-recorded",
  title: "A recorder of AWS Config is on",
  severity: "medium",
  description: "Without a record nobody can say what a resource looked like before it was changed, or by whom.",
  remediation: "Add an aws.cfg.RecorderStatus with isEnabled true; it needs a delivery channel first.",
  controls: { fsbp: ["Config.1"], cisAws3: ["3.3"], cisAws5: ["3.3"], wellArchitected: ["SEC04"] },
  inStack: {
    "aws:cfg/recorder:Recorder": (recorder: Resource<RecorderArgs>, { fail, must }, stack) => {
      const [status] = stack.linked<RecorderStatusArgs>("aws:cfg/recorderStatus:RecorderStatus", "name", recorder);
      if (status === undefined) fail(recorder, "the recorder has no RecorderStatus, so it is off", "it must have one");
      else must(status.named.at("isEnabled"), beTrue);
    },
  },
});
