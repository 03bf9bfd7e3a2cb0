import type { Database } from "../../platform/database/database.ts";
import type { PersonalData } from "../../platform/personal-data.ts";
import type { Auth } from "../auth/index.ts";
import type { Job, JobKind, Jobs } from "../jobs/index.ts";
import { createFlags, type Flags } from "./flags.ts";
import { EXPORT_DATA, userJobs } from "./jobs.ts";
import { type Profile, type ProfileChange, usualProfile } from "./profile.ts";
import { addProfile, changeProfile, exportOf, forgetUser, profileOf } from "./store.ts";

/** What other parts may ask of this module. */
export interface User {
  /** Which features are on for whom. */
  readonly flags: Flags;
  /** What a person has said of themselves, and the usual where they have said nothing. */
  profile(userId: string): Promise<Profile>;
  /** Changes what is named, and leaves the rest as it is. */
  changeProfile(userId: string, change: ProfileChange): Promise<Profile>;
  /** Has a copy made of everything that is kept of a person, at most one in an hour. Returns the id of the copy, which is that of the job that makes it. */
  requestExport(userId: string): Promise<string>;
  /** The latest jobs that make or made copies, newest first. */
  exportJobs(userId: string): Promise<readonly Job[]>;
  /** A person's own copy: JSON, compressed with gzip; undefined if it is not made yet, or has expired. */
  export(userId: string, id: string): Promise<Buffer | undefined>;
  /** Closes the account at once, and has everything removed that is kept of the person. */
  requestDeletion(userId: string): Promise<void>;
  /** What this module does in the background. */
  readonly jobs: readonly JobKind[];
}

/** What the module needs. */
export interface UserNeeds {
  readonly database: Database;
  readonly auth: Auth;
  readonly jobs: Jobs;
  /** The other modules that keep data of people. */
  readonly holders: readonly PersonalData[];
}

const SHOWN_EXPORTS = 5;
const HOUR_MS = 3_600_000;

export function createUser({ database, auth, jobs, holders }: UserNeeds): User {
  const profile = async (userId: string): Promise<Profile> => (await profileOf(database, userId)) ?? usualProfile;
  const own: PersonalData = { part: "profile", exportOf: profile, forget: (userId) => forgetUser(database, userId) };
  const kinds = userJobs({ database, auth, holders: [own, ...holders, auth.personalData] });
  return {
    flags: createFlags(database),
    profile,
    changeProfile: (userId, change) => changeProfile(database, userId, change),
    async requestExport(userId) {
      await addProfile(database, userId);
      const hour = Math.floor(Date.now() / HOUR_MS);
      return jobs.add(kinds.exportData, { input: {}, userId, key: `${EXPORT_DATA} ${userId} ${hour}` });
    },
    exportJobs: async (userId) => (await jobs.jobs(userId, { kind: EXPORT_DATA, limit: SHOWN_EXPORTS })).jobs,
    export: (userId, id) => exportOf(database, userId, id),
    async requestDeletion(userId) {
      // First the job: whatever happens then, the person is forgotten.
      await jobs.add(kinds.deleteData, { input: { userId }, key: `${kinds.deleteData.name} ${userId}` });
      await auth.closeAccount(userId);
    },
    jobs: [kinds.exportData, kinds.deleteData, kinds.sweepExports],
  };
}
