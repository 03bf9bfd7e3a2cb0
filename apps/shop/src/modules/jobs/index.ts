import type { MigrationSource } from "../../platform/database/migrations.ts";

export { jobsApi } from "./api.ts";
export { createJobs, type JobFilter, type JobPage, type Jobs, type NewJob } from "./jobs.ts";
export { handOut } from "./hand-out.ts";
export { HandOutStore } from "./hand-out-store.ts";
export { type JobKind, type JobRun, NonRetryableError } from "./kinds.ts";
export { observeJobs } from "./metrics.ts";
export { workOnQueue } from "./queue-worker.ts";
export { type DeadJob, type Job, type JobCounts, type JobState, JobStore } from "./store.ts";
export { sweepJobs } from "./sweep.ts";
export { work } from "./worker.ts";

/** The table of jobs. */
export const jobsMigrations: MigrationSource = { module: "jobs", folder: new URL("./migrations/", import.meta.url) };
