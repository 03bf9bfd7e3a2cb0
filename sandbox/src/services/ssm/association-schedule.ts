import { type Limit, shown } from "../limits.ts";

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** State Manager runs nothing more often. */
const LEAST_MS = 30 * 60_000;
const FORMS = "rate(30 minutes), cron(0 2 ? * SUN *) or at(2026-12-01T05:30:00)";

/** A schedule of State Manager. Source: Systems Manager user guide, "Cron and rate expressions for Systems Manager". */
export const scheduleExpression: Limit = (value) => {
  const [, kind, inner = ""] = /^(rate|cron|at)\((.+)\)$/.exec(typeof value === "string" ? value : "") ?? [];
  if (kind === "rate") return faultOfRate(inner);
  if (kind === "cron") return faultOfCron(inner);
  if (kind === "at" && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(inner) && !Number.isNaN(Date.parse(inner)))
    return undefined;
  return `${shown(value)} is not a schedule; expected ${FORMS}`;
};

/** The time from one run to the next; undefined for a schedule other than a rate. */
export function intervalMs(expression: string): number | undefined {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const length = UNIT_MS[unit];
  return count === undefined || length === undefined ? undefined : Number(count) * length;
}

function faultOfRate(inner: string): string | undefined {
  const interval = intervalMs(`rate(${inner})`);
  if (interval === undefined)
    return `"rate(${inner})" is not a rate; expected a number and minutes, hours or days, such as ${FORMS}`;
  if ((Number.parseInt(inner) === 1) === inner.endsWith("s"))
    return `"rate(${inner})": write 1 with the singular, more with the plural`;
  return interval < LEAST_MS ? `"rate(${inner})" is too often; State Manager's least is rate(30 minutes)` : undefined;
}

/** Six fields, or seven with seconds before them; what stands in each is not looked at further than its signs. */
function faultOfCron(inner: string): string | undefined {
  const fields = inner.trim().split(/\s+/);
  if (fields.length !== 6 && fields.length !== 7)
    return `"cron(${inner})" has ${String(fields.length)} fields; expected minutes, hours, day of month, month, day of week and year`;
  const odd = fields.find((field) => !/^[\dA-Za-z*?,/#-]+$/.test(field));
  return odd === undefined ? undefined : `"cron(${inner})": ${odd} is not a value of a cron expression`;
}
