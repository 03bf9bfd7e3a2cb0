import type { MigrationSource } from "../../platform/database/migrations.ts";

export { deletionForm, ownExport, sendExport, userApi } from "./api.ts";
export { type Flag, type Flags, knownFlags, placeOf } from "./flags.ts";
export { flagsApi } from "./flags-api.ts";
export { type HomeRegion, homeRegions, type Profile, profileForm } from "./profile.ts";
export { createUser, type User } from "./user.ts";

/** The tables of what people say of themselves. */
export const userMigrations: MigrationSource = { module: "users", folder: new URL("./migrations/", import.meta.url) };
