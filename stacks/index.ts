import { runtime, RunError } from "@pulumi/pulumi";
import { platform } from "./platform.ts";
import { STAGES } from "./rungs.ts";
import { checkSettings } from "./settings.ts";

const checked = checkSettings(runtime.allConfig(), STAGES);
if ("faults" in checked) throw new RunError(checked.faults.join("\n"));

export default platform(checked.settings);
