import type { Limit } from "../limits.ts";
import { shown } from "./names.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 24 * 60;
const WEEK = 7 * DAY;
/** RDS wants half an hour at least of either window (RDS API Reference, CreateDBCluster). */
const LEAST = 30;

const TIME = "([01]\\d|2[0-3]):[0-5]\\d";
const DAILY = new RegExp(`^${TIME}-${TIME}$`);
const WEEKLY = new RegExp(`^(${DAYS.join("|")}):${TIME}-(${DAYS.join("|")}):${TIME}$`, "i");

/** Minutes from the beginning of a day or a week. The end lies after the beginning, and so perhaps in the next day or week. */
type Span = readonly [from: number, to: number];

/** A time of day, such as `04:00-04:30`. */
export const dailyWindow: Limit = (value) => {
  const given = shown(value);
  if (!DAILY.test(given)) return `"${given}" must satisfy the format of "hh24:mi-hh24:mi".`;
  return tooShort(daily(given), "backup");
};

/** A time of the week, such as `sun:04:00-sun:04:30`. */
export const weeklyWindow: Limit = (value) => {
  const given = shown(value);
  if (!WEEKLY.test(given)) return `"${given}" must satisfy the format of "ddd:hh24:mi-ddd:hh24:mi".`;
  return tooShort(weekly(given), "maintenance");
};

/** Whether AWS would do two things at once: the window of each day, and that of the week. Both must be well-formed. */
export function windowsOverlap(day: string, week: string): boolean {
  const [from, to] = daily(day);
  const [start, end] = weekly(week);
  // One day more on both sides, for windows that go over midnight or over the end of the week.
  return Array.from({ length: 16 }, (_, index) => (index - 1) * DAY).some((at) => at + from < end && start < at + to);
}

function tooShort([from, to]: Span, what: string): string | undefined {
  return to - from < LEAST ? `The ${what} window must be at least 30 minutes; it is ${String(to - from)}` : undefined;
}

function daily(window: string): Span {
  const [from = 0, to = 0] = window.split("-").map(minutes);
  return [from, to <= from ? to + DAY : to];
}

function weekly(window: string): Span {
  const [from = 0, to = 0] = window
    .toLowerCase()
    .split("-")
    .map((moment) => DAYS.indexOf(moment.slice(0, 3)) * DAY + minutes(moment.slice(4)));
  return [from, to <= from ? to + WEEK : to];
}

function minutes(time: string): number {
  const [hours = 0, rest = 0] = time.split(":").map(Number);
  return hours * 60 + rest;
}
