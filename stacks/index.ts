import { runtime, RunError } from "@pulumi/pulumi";
import { checkSettings } from "./settings.ts";
import { stages } from "./stages.ts";

const checked = checkSettings(runtime.allConfig(), Object.keys(stages));
if ("faults" in checked) throw new RunError(checked.faults.join("\n"));
const stage = stages[checked.settings.stage];
if (stage === undefined) throw new RunError(`platform:stage: "${checked.settings.stage}" has no program`);

export default stage(checked.settings);
