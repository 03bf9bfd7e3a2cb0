import { z } from "zod";
import type { Database } from "../../platform/database/database.ts";
import type { JobKind } from "../jobs/index.ts";
import {
  addSale,
  type Bucket,
  daysBetween,
  keepDays,
  keepReport,
  type KeptReport,
  type ProductSum,
  reports,
  type Sale,
  type Sum,
  sumBetween,
  topProducts,
} from "./store.ts";

/** What a report tells. */
export interface ReportContent extends Sum {
  /** The same of the day or week before. */
  readonly before: Sum;
  /** The products that brought in most, at most ten. */
  readonly top: readonly ProductSum[];
}

/** A report of a day or a week that is over. */
export type Report = KeptReport<ReportContent>;

/** What other parts may ask of this module. */
export interface Analytics {
  /** Writes down what was sold, once however often it is told. */
  sold(sale: Sale): Promise<void>;
  /** What was sold on each of the last days, today included, oldest first. */
  days(count: number, now?: Date): Promise<readonly Bucket[]>;
  /** The latest reports, newest first. */
  reports(period: Report["period"], limit: number): Promise<readonly Report[]>;
  /** Makes the reports of the day and the week that ended last, unless they are made. */
  makeReports(now?: Date): Promise<void>;
  /** Makes room for the days to come, and drops the events of days that are long over. */
  keep(now?: Date): Promise<void>;
  readonly jobs: readonly JobKind[];
}

/** Single sales are kept for so long; what was counted of them is kept for good. */
const KEPT_DAYS = 90;
/** Room for so many days is made beforehand: somebody has long noticed by then that the job does not run. */
const AHEAD_DAYS = 7;
/** A sale of the last minutes of a day may be told of after midnight. */
const LATE_MS = 3_600_000;
const DAY_MS = 24 * 3_600_000;
const TOP = 10;

export function createAnalytics(database: Database): Analytics {
  const make = async (period: Report["period"], starts: Date, days: number): Promise<void> => {
    const [ends, before] = [plus(starts, days), plus(starts, -days)];
    const [sum, earlier, top] = await Promise.all([
      sumBetween(database, starts, ends),
      sumBetween(database, before, starts),
      topProducts(database, starts, ends, TOP),
    ]);
    await keepReport(database, {
      period,
      starts: dateOf(starts),
      content: { ...sum, before: earlier, top } satisfies ReportContent,
    });
  };
  const analytics: Omit<Analytics, "jobs"> = {
    async sold(sale) {
      await addSale(database, sale);
    },
    days: (count, now = new Date()) => daysBetween(database, plus(startOfDay(now), 1 - count), plus(startOfDay(now), 1)),
    reports: (period, limit) => reports<ReportContent>(database, period, limit),
    async makeReports(now = new Date()) {
      const today = startOfDay(new Date(now.getTime() - LATE_MS));
      await make("day", plus(today, -1), 1);
      // Monday is 1, and Sunday the last day of its week.
      const monday = plus(today, -((today.getUTCDay() + 6) % 7));
      await make("week", plus(monday, -7), 7);
    },
    async keep(now = new Date()) {
      const today = startOfDay(now);
      await keepDays(database, dateOf(plus(today, -KEPT_DAYS)), dateOf(plus(today, AHEAD_DAYS)));
    },
  };
  const hourly = (name: string, run: () => Promise<void>): JobKind => ({ name, input: z.object({}), everyMinutes: 60, run });
  return {
    ...analytics,
    jobs: [hourly("make-reports", () => analytics.makeReports()), hourly("keep-analytics", () => analytics.keep())],
  };
}

function startOfDay(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / DAY_MS) * DAY_MS);
}

/** Days of UTC all have 24 hours. */
function plus(moment: Date, days: number): Date {
  return new Date(moment.getTime() + days * DAY_MS);
}

function dateOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
