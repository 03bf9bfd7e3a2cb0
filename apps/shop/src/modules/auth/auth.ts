import { createHmac } from "node:crypto";
import type { Database } from "../../platform/database/database.ts";
import type { Log } from "../../platform/log.ts";
import type { PersonalData } from "../../platform/personal-data.ts";
import type { Mailer } from "../../platform/mail/mail.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import type { JobKind, Jobs } from "../jobs/index.ts";
import { type PasswordCost, Passwords } from "./passwords.ts";
import { sweepResets } from "./reset-store.ts";
import { createResets } from "./resets.ts";
import { hasSession, removeSession, removeSessions, sessionsOf, sweepSessions } from "./session-store.ts";
import { createSessions, type Grant, TOKEN_SECONDS } from "./sessions.ts";
import { createSigningKeys, type PublicKeySet } from "./signing-keys.ts";
import { type Account, AuthStore } from "./store.ts";
import { type Claims, createTokens } from "./tokens.ts";

/** Somebody who is logged in. */
export type Session = Claims;

/** How a log-in ended. Neither refusal tells whether the address has an account. */
export type LogIn =
  | { readonly kind: "in"; readonly grant: Grant }
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
  /** The next grant for a refresh token, which is good for one time; undefined when its session has ended. One that comes a second time ends the session. */
  prolong(refreshToken: string): Promise<Grant | undefined>;
  /** Who the token speaks for; undefined when it is forged, has expired, or its session was ended. */
  authenticate(token: string): Promise<Session | undefined>;
  /** Ends the session: its token is worth nothing from then on. */
  logOut(session: Session): Promise<void>;
  /** Ends all sessions of a person. */
  logOutEverywhere(userId: string): Promise<void>;
  /** The open sessions of a person, oldest first. */
  sessions(userId: string): Promise<readonly { readonly createdAt: Date; readonly expiresAt: Date }[]>;
  /** What others need to verify tokens. */
  publicKeys(): Promise<PublicKeySet>;
  /** Has tokens signed by another key when it is time. */
  rotateKeys(): Promise<void>;
  /** The account of a person; undefined if there is none any more. */
  account(userId: string): Promise<Account | undefined>;
  /** Whether a person runs the shop. */
  isOperator(userId: string): Promise<boolean>;
  /** Makes the person with this address an operator. False when nobody has it. */
  makeOperator(email: string): Promise<boolean>;
  /** Has a mail sent that lets a person choose another password. The outcome looks the same whether the address has an account. */
  requestPasswordReset(email: string): Promise<void>;
  /** Whether the token of such a mail still works. */
  isResetOpen(token: string): Promise<boolean>;
  /** Uses the token up and ends every session. False, and nothing has changed, when it does not work. */
  resetPassword(token: string, password: string): Promise<boolean>;
  /** Asks somebody who is logged in for their password once more; counts as a log-in does. */
  confirm(userId: string, password: string): Promise<Confirmation>;
  /** Ends every session of a person and lets them log in no more. Nothing is removed yet. */
  closeAccount(userId: string): Promise<void>;
  /** The account and its sessions. */
  readonly personalData: PersonalData;
  /** Removes sessions, counters and tokens that have expired. */
  sweep(): Promise<void>;
  /** What this module does in the background. */
  readonly jobs: readonly JobKind[];
}

type Checked =
  | { readonly kind: "right"; readonly user: { readonly id: string; readonly passwordHash: string } }
  | Exclude<Confirmation, { kind: "confirmed" }>;

/** How long a refresh token that was used is remembered, to notice when it comes again. */
const USED_DAYS = 30;
const ATTEMPTS = 10;
const WINDOW_SECONDS = 15 * 60;

/** What the module needs. */
export interface AuthNeeds {
  readonly database: Database;
  readonly log: Log;
  /** Encrypts the keys that sign tokens; 32 bytes. Asked for when it is needed. */
  readonly wrappingKey: () => Buffer;
  /** Hides addresses in the table of failed log-ins; at least 32 bytes. Asked for when it is needed. */
  readonly accountKey: () => Buffer;
  readonly jobs: Pick<Jobs, "add">;
  readonly mailer: Mailer;
  /** The origin that links in mails lead to. */
  readonly publicUrl: string;
  /** @default - OWASP's, see passwords.ts */
  readonly passwordCost?: PasswordCost;
}

export function createAuth(needs: AuthNeeds): Auth {
  const { database, log, wrappingKey, accountKey, passwordCost } = needs;
  const store = new AuthStore(database);
  const passwords = new Passwords(passwordCost);
  const keys = createSigningKeys({ database, wrappingKey, tokenSeconds: TOKEN_SECONDS });
  const tokens = createTokens(keys);
  const sessions = createSessions(database, tokens, log);
  const resets = createResets(needs);
  const accountOf = (email: string): Buffer => createHmac("sha256", accountKey()).update(email).digest();

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
      return { kind: "in", grant: await sessions.open(user.id) };
    },
    prolong: (refreshToken) => sessions.prolong(refreshToken),
    async authenticate(token) {
      const claims = await tokens.verify(token);
      if (claims === undefined || !(await hasSession(database, claims.sessionId, claims.userId))) return undefined;
      return claims;
    },
    logOut: ({ sessionId }) => removeSession(database, sessionId),
    logOutEverywhere: (userId) => removeSessions(database, userId),
    sessions: (userId) => sessionsOf(database, userId),
    publicKeys: () => keys.published(),
    rotateKeys: () => keys.rotate(),
    account: (userId) => store.account(userId),
    isOperator: (userId) => store.isOperator(userId),
    makeOperator: (email) => store.addOperator(normal(email)),
    async requestPasswordReset(email) {
      const user = await store.userByEmail(normal(email));
      await resets.request(user?.id, accountOf(normal(email)).toString("base64url"));
    },
    isResetOpen: (token) => resets.isOpen(token),
    async resetPassword(token, password) {
      // Hashing costs: not for everybody who asks.
      if (!(await resets.isOpen(token))) return false;
      const email = await resets.use(token, await passwords.hash(password));
      if (email === undefined) return false;
      // Whoever was locked out by guesses of others is let in again.
      await store.forgetAttempts(accountOf(email));
      return true;
    },
    async confirm(userId, password) {
      const account = await store.account(userId);
      if (account === undefined) return { kind: "refused" };
      const checked = await check(account.email, password);
      return checked.kind === "right" ? { kind: "confirmed" } : checked;
    },
    closeAccount: (userId) => store.close(userId),
    personalData: {
      part: "account",
      exportOf: async (userId) => ({
        ...(await store.account(userId)),
        isOperator: await store.isOperator(userId),
        sessions: await sessionsOf(database, userId),
      }),
      async forget(userId) {
        const account = await store.account(userId);
        if (account !== undefined) await store.forgetAttempts(accountOf(account.email));
        await store.removeUser(userId);
      },
    },
    async sweep() {
      await sweepSessions(database, USED_DAYS);
      await sweepResets(database);
      await store.sweep();
    },
    jobs: [resets.job],
  };
}

/** As it is stored and compared. The part before the @ may differ by case in theory; no provider of note does that. */
function normal(email: string): string {
  return email.trim().toLowerCase();
}
