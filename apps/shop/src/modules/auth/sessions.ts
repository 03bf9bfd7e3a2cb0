import type { Database } from "../../platform/database/database.ts";
import type { Log } from "../../platform/log.ts";
import { uuidv7 } from "../../platform/uuid.ts";
import { hashOf, newToken } from "./random-token.ts";
import {
  addRefreshToken,
  addSession,
  prolongSession,
  refreshTokenState,
  removeSession,
  useRefreshToken,
} from "./session-store.ts";
import type { Claims, Tokens } from "./tokens.ts";

/** What somebody who is logged in holds. */
export interface Grant {
  readonly session: Claims;
  /** Speaks for them, for a short time. */
  readonly token: string;
  readonly expiresAt: Date;
  /** Gets the next grant; good for one time. */
  readonly refreshToken: string;
  /** When the session ends unless it is prolonged before. */
  readonly refreshExpiresAt: Date;
}

/** How long a token speaks for somebody. */
export const TOKEN_SECONDS = 15 * 60;
/** A session ends when it was not used for so long, */
const IDLE_DAYS = 14;
/** and in any case after so long. */
const MOST_DAYS = 90;
/** An answer may be lost, and two tabs may ask at once: for so long a used token still works. After that, somebody else must have it. */
const GRACE_SECONDS = 10;

/** Opens sessions and prolongs them. */
export interface Sessions {
  open(userId: string): Promise<Grant>;
  /**
   * The next grant for a refresh token. Undefined when there is no such session any more. A token that comes a second time was stolen, from the person or from the thief who
   * came first: nobody knows which, so the session ends for both (RFC 9700, section 4.14.2).
   */
  prolong(refreshToken: string): Promise<Grant | undefined>;
}

export function createSessions(database: Database, tokens: Tokens, log: Log): Sessions {
  const grant = async (session: Claims, refreshToken: string, refreshExpiresAt: Date): Promise<Grant> => {
    // Whole seconds, as the token has it.
    const expiresAt = new Date((Math.floor(Date.now() / 1000) + TOKEN_SECONDS) * 1000);
    return { session, token: await tokens.sign(session, expiresAt), expiresAt, refreshToken, refreshExpiresAt };
  };
  return {
    async open(userId) {
      const [sessionId, refreshToken] = [uuidv7(), newToken()];
      const ends = await database.transaction(async (transaction) => {
        const expiresAt = await addSession(transaction, sessionId, userId, IDLE_DAYS);
        await addRefreshToken(transaction, hashOf(refreshToken), sessionId);
        return expiresAt;
      });
      return grant({ userId, sessionId }, refreshToken, ends);
    },
    async prolong(refreshToken) {
      const [hash, next] = [hashOf(refreshToken), newToken()];
      const prolonged = await database.transaction(async (transaction) => {
        const state = await refreshTokenState(transaction, hash, GRACE_SECONDS);
        if (state === undefined) return undefined;
        const { sessionId, userId, reused } = state;
        if (reused) {
          await removeSession(transaction, sessionId);
          return { reused: sessionId };
        }
        await useRefreshToken(transaction, hash);
        await addRefreshToken(transaction, hashOf(next), sessionId);
        return { session: { sessionId, userId }, ends: await prolongSession(transaction, sessionId, IDLE_DAYS, MOST_DAYS) };
      });
      if (prolonged === undefined) return undefined;
      if ("reused" in prolonged) {
        log.write("warn", "refresh-token-reused", { session: prolonged.reused });
        return undefined;
      }
      return grant(prolonged.session, next, prolonged.ends);
    },
  };
}
