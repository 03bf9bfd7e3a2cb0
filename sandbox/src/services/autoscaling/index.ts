import type { ResourceDefinition } from "../../core/definition.ts";
import { attachment } from "./attachment.ts";
import { group } from "./group.ts";
import { lifecycleHook } from "./lifecycle-hook.ts";
import { policy } from "./policy.ts";
import { schedule } from "./schedule.ts";

/** Amazon EC2 Auto Scaling. */
export const autoscalingDefinitions: readonly ResourceDefinition[] = [attachment, group, lifecycleHook, policy, schedule];
