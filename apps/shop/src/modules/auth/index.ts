import type { MigrationSource } from "../../platform/database/migrations.ts";

export { authApi, requireOperator, requireSession } from "./api.ts";
export { type Auth, type Confirmation, createAuth, type LogIn, type Session } from "./auth.ts";
export { forgotForm, logInForm, newAccount, resetForm } from "./input.ts";
export { rotateSigningKeys, sweepSessions } from "./jobs.ts";
export type { Grant } from "./sessions.ts";
export type { PublicKeySet } from "./signing-keys.ts";
export type { PasswordCost } from "./passwords.ts";
export type { Account } from "./store.ts";

/** The tables of accounts and sessions. */
export const authMigrations: MigrationSource = { module: "auth", folder: new URL("./migrations/", import.meta.url) };
