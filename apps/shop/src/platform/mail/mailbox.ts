import type { Queryable } from "../database/database.ts";
import type { PersonalData } from "../personal-data.ts";
import type { Mail, Mailer } from "./mail.ts";

/** A mail that was kept. */
export interface KeptMail extends Mail {
  readonly createdAt: Date;
}

/** Mails of a shop that has no mail provider: kept in a table for somebody to read, sent to nobody. */
export interface Mailbox extends Mailer {
  /** The latest, newest first. */
  latest(limit: number): Promise<readonly KeptMail[]>;
  readonly personalData: PersonalData;
}

/** Enough to try things out; old ones make room. */
const KEPT = 1_000;
const MAIL = `id, user_id AS "userId", recipient AS "to", subject, content AS text, created_at AS "createdAt"`;

export function createMailbox(database: Queryable): Mailbox {
  return {
    async send({ id, userId, to, subject, text }) {
      await database.query({
        text: `
          INSERT INTO mail.mailbox (id, user_id, recipient, subject, content) VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (id) DO NOTHING`,
        values: [id, userId, to, subject, text],
      });
      await database.query({
        text: `
          DELETE FROM mail.mailbox WHERE id IN (SELECT id FROM mail.mailbox ORDER BY created_at DESC, id OFFSET $1)`,
        values: [KEPT],
      });
    },
    async latest(limit) {
      const { rows } = await database.query<KeptMail>({
        text: `SELECT ${MAIL} FROM mail.mailbox ORDER BY created_at DESC, id LIMIT $1`,
        values: [limit],
      });
      return rows;
    },
    personalData: {
      part: "mails",
      async exportOf(userId) {
        const { rows } = await database.query<KeptMail>({
          text: `SELECT ${MAIL} FROM mail.mailbox WHERE user_id = $1 ORDER BY created_at`,
          values: [userId],
        });
        return rows;
      },
      async forget(userId) {
        await database.query({ text: "DELETE FROM mail.mailbox WHERE user_id = $1", values: [userId] });
      },
    },
  };
}
