import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { isProps, text } from "../../core/values.ts";
import type { Space } from "../../core/world.ts";
import { processorsOf } from "./instance-types.ts";

/** The processor credits of an instance. One is a virtual processor at full speed for a minute. */
export type Credits = {
  /** Earned and not spent. */
  balance: number;
  /** Spent beyond what was earned, and not paid back. */
  surplus: number;
};

/** Credits that a size earns in an hour (Amazon EC2 User Guide, "Key concepts for burstable performance instances"). */
const EARNED_AN_HOUR: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  t2: { nano: 3, micro: 6, small: 12, medium: 24, large: 36, xlarge: 54, "2xlarge": 81.6 },
  t3: { nano: 6, micro: 12, small: 24, medium: 24, large: 36, xlarge: 96, "2xlarge": 192 },
};
/** What a T2 gets at its launch, for each virtual processor; the others begin with nothing. */
const LAUNCH_CREDITS = 30;
/** Hours of earning that can be saved, or borrowed. */
const KEPT_HOURS = 24;

/** Whether the instance may spend more than it has earned. */
export function isUnlimited({ outputs }: Resource): boolean {
  const credits = outputs["creditSpecification"];
  return isProps(credits) && text(credits, "cpuCredits") === "unlimited";
}

/** The credits that the instance had when they were last written down; those of a new one otherwise. */
export function creditsOf(cloud: Cloud, { id, outputs }: Resource): Credits {
  const type = text(outputs, "instanceType");
  return kept(cloud).get(id) ?? { balance: type.startsWith("t2.") ? LAUNCH_CREDITS * processorsOf(type) : 0, surplus: 0 };
}

/** Writes the credits down, for the daemon's next start. */
export function keepCredits(cloud: Cloud, id: string, credits: Credits): void {
  kept(cloud).set(id, credits);
}

/** Forgets the credits of an instance that is going. */
export function forgetCredits(cloud: Cloud, id: string): void {
  kept(cloud).delete(id);
}

/**
 * The credits after some time in which the instance earned and spent. What was borrowed is paid back first; what is borrowed beyond a day's earning is charged
 * and not owed. Without `unlimited` nothing is borrowed: EC2 would slow the instance down then, which the sandbox does not.
 */
export function settled(
  { balance, surplus }: Credits,
  type: string,
  use: { readonly seconds: number; readonly cpuSeconds: number; readonly unlimited: boolean },
): Credits {
  const hourly = earnedAnHour(type);
  const most = hourly * KEPT_HOURS;
  const total = balance - surplus + (hourly * use.seconds) / 3600 - use.cpuSeconds / 60;
  return {
    balance: Math.min(most, Math.max(0, total)),
    surplus: use.unlimited ? Math.min(most, Math.max(0, -total)) : 0,
  };
}

function earnedAnHour(type: string): number {
  const [family = "", size = ""] = type.split(".");
  return (EARNED_AN_HOUR[family === "t2" ? "t2" : "t3"] ?? {})[size] ?? 0;
}

function kept(cloud: Cloud): Space<Credits> {
  return cloud.world.space<Credits>("ec2-credits");
}
