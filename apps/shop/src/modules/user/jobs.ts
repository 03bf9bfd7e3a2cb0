import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { z } from "zod";
import type { Database } from "../../platform/database/database.ts";
import type { PersonalData } from "../../platform/personal-data.ts";
import type { Auth } from "../auth/index.ts";
import { type JobKind, NonRetryableError } from "../jobs/index.ts";
import { addExport, sweepExports } from "./store.ts";

const compress = promisify(gzip);

/** Makes a copy of everything that is kept of a person. It belongs to the person. */
export const EXPORT_DATA = "export-data";
/** As long as the job that made it is shown. */
const KEPT_DAYS = 7;

/** What the module's jobs work on. */
export interface UserJobNeeds {
  readonly database: Database;
  readonly auth: Pick<Auth, "closeAccount">;
  /** Every module that keeps data of people. The one with the account is last: as long as it is there, the removal can be found to be incomplete. */
  readonly holders: readonly PersonalData[];
}

/** The kinds of jobs of this module. */
export interface UserJobs {
  readonly exportData: JobKind<object>;
  readonly deleteData: JobKind<{ readonly userId: string }>;
  readonly sweepExports: JobKind<object>;
}

export function userJobs({ database, auth, holders }: UserJobNeeds): UserJobs {
  return {
    exportData: {
      name: EXPORT_DATA,
      input: z.object({}),
      async run(_input, { id, userId, progress }) {
        if (userId === undefined) throw new NonRetryableError("A copy of data is made for a person, and this job has none.");
        const parts: [string, unknown][] = [["madeAt", new Date().toISOString()]];
        for (const [index, holder] of holders.entries()) {
          await progress((100 * index) / holders.length, holder.part);
          parts.push([holder.part, await holder.exportOf(userId)]);
        }
        await addExport(database, {
          id,
          userId,
          content: await compress(JSON.stringify(Object.fromEntries(parts))),
          days: KEPT_DAYS,
        });
      },
    },
    deleteData: {
      name: "delete-data",
      input: z.object({ userId: z.guid() }),
      async run({ userId }) {
        // The process may have ended after it had added this job.
        await auth.closeAccount(userId);
        for (const holder of holders) await holder.forget(userId);
      },
    },
    sweepExports: {
      name: "sweep-exports",
      input: z.object({}),
      everyMinutes: 60,
      run: () => sweepExports(database),
    },
  };
}
