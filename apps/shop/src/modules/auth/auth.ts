import { createHmac } from "node:crypto";
import type { Queryable } from "../../platform/database/database.ts";
import type { PersonalData } from "../../platform/personal-data.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import { type PasswordCost, Passwords } from "./passwords.ts";
import { type Account, AuthStore } from "./store.ts";
import { createTokens } from "./tokens.ts";

/** Somebody who is logged in. */
export interface Session {
  readonly userId: string;
  readonly sessionId: string;
}

/** How a log-in ended. Neither refusal tells whether the address has an account. */
export type LogIn =
  | { readonly kind: "in"; readonly token: string; readonly expiresAt: Date }
  | { readonly kind: "refused" }
  | { readonly kind: "limited"; readonly retryAfterSeconds: number };

/** Whether somebody knows their password. */
export type Confirmation =
  | { readonly kind: "confirmed" }
  | { readonly kind: "refused" }
  | { readonly kind: "limited"; readonly retryAfterSeconds: number };

/** What other parts may ask of this module. */
export interface Auth {
  /** Makes an account unless the address has one. The outcome looks the same either way. */
  signUp(email: string, password: string): Promise<void>;
  /** Opens a session. After ten wrong passwords an account refuses for a quarter of an hour. */
  logIn(email: string, password: string): Promise<LogIn>;
  /** Who the token speaks for; undefined when it is forged, has expired, or its session was ended. */
  authenticate(token: string): Promise<Session | undefined>;
  /** Ends the session: its token is worth nothing from then on. */
  logOut(session: Session): Promise<void>;
  /** The account of a person; undefined if there is none any more. */
  account(userId: string): Promise<Account | undefined>;
  /** Asks somebody who is logged in for their password once more; counts as a log-in does. */
  confirm(userId: string, password: string): Promise<Confirmation>;
  /** Ends every session of a person and lets them log in no more. Nothing is removed yet. */
  closeAccount(userId: string): Promise<void>;
  /** The account and its sessions. */
  readonly personalData: PersonalData;
  /** Removes sessions and counters that have expired. */
  sweep(): Promise<void>;
}

type Checked =
  | { readonly kind: "right"; readonly user: { readonly id: string; readonly passwordHash: string } }
  | Exclude<Confirmation, { kind: "confirmed" }>;

const SESSION_HOURS = 12;
const ATTEMPTS = 10;
const WINDOW_SECONDS = 15 * 60;

/** What the module needs. */
export interface AuthNeeds {
  readonly database: Queryable;
  /** Signs tokens; at least 32 bytes. Asked for when it is needed. */
  readonly tokenKey: () => Buffer;
  /** Hides addresses in the table of failed log-ins; at least 32 bytes. Asked for when it is needed. */
  readonly accountKey: () => Buffer;
  /** @default - OWASP's, see passwords.ts */
  readonly passwordCost?: PasswordCost;
}

export function createAuth({ database, tokenKey, accountKey, passwordCost }: AuthNeeds): Auth {
  const store = new AuthStore(database);
  const passwords = new Passwords(passwordCost);
  const tokens = createTokens(tokenKey);
  const accountOf = (email: string): Buffer => createHmac("sha256", accountKey()).update(email).digest();

  const open = async (userId: string): Promise<LogIn> => {
    const sessionId = uuidv7();
    // Whole seconds, as the token has it.
    const expiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + SESSION_HOURS * 3_600_000);
    await store.addSession(sessionId, userId, expiresAt);
    return { kind: "in", token: await tokens.sign({ userId, sessionId }, expiresAt), expiresAt };
  };

  /** Counted before the password is looked at, or many guesses at once would all pass the check. */
  const check = async (email: string, password: string): Promise<Checked> => {
    const account = accountOf(email);
    const { attempts, secondsLeft } = await store.countAttempt(account, WINDOW_SECONDS);
    if (attempts > ATTEMPTS) return { kind: "limited", retryAfterSeconds: Math.max(1, secondsLeft) };
    const user = await store.userByEmail(email);
    const matches = await passwords.matches(password, user?.passwordHash);
    if (user === undefined || !matches) return { kind: "refused" };
    await store.forgetAttempts(account);
    return { kind: "right", user };
  };

  return {
    async signUp(email, password) {
      // Hashed before it is known whether the address is new: the time it takes tells nothing.
      await store.addUser(uuidv7(), normal(email), await passwords.hash(password));
    },
    async logIn(email, password) {
      const checked = await check(normal(email), password);
      if (checked.kind !== "right") return checked;
      const { user } = checked;
      if (passwords.isOutdated(user.passwordHash)) await store.changePasswordHash(user.id, await passwords.hash(password));
      return open(user.id);
    },
    async authenticate(token) {
      const claims = await tokens.verify(token);
      if (claims === undefined || !(await store.hasSession(claims.sessionId, claims.userId))) return undefined;
      return claims;
    },
    logOut: ({ sessionId }) => store.removeSession(sessionId),
    account: (userId) => store.account(userId),
    async confirm(userId, password) {
      const account = await store.account(userId);
      if (account === undefined) return { kind: "refused" };
      const checked = await check(account.email, password);
      return checked.kind === "right" ? { kind: "confirmed" } : checked;
    },
    closeAccount: (userId) => store.close(userId),
    personalData: {
      part: "account",
      exportOf: async (userId) => ({ ...(await store.account(userId)), sessions: await store.sessionsOf(userId) }),
      async forget(userId) {
        const account = await store.account(userId);
        if (account !== undefined) await store.forgetAttempts(accountOf(account.email));
        await store.removeUser(userId);
      },
    },
    sweep: () => store.sweep(),
  };
}

/** As it is stored and compared. The part before the @ may differ by case in theory; no provider of note does that. */
function normal(email: string): string {
  return email.trim().toLowerCase();
}
