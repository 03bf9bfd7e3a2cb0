import type { MigrationSource } from "../../platform/database/migrations.ts";

export { type Analytics, createAnalytics, type Report, type ReportContent } from "./analytics.ts";
export { analyticsApi } from "./api.ts";
export type { Bucket, ProductSum, Sale, Sold, Sum } from "./store.ts";

/** The tables of what was sold. */
export const analyticsMigrations: MigrationSource = { module: "analytics", folder: new URL("./migrations/", import.meta.url) };
