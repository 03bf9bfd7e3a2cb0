import type { Queryable } from "../../platform/database/database.ts";
import { type Profile, type ProfileChange, usualProfile } from "./profile.ts";

const PROFILE = `name, home_region AS "homeRegion", order_mail AS "orderMail", news`;

/** What the person has said; undefined if nothing. */
export async function profileOf(database: Queryable, userId: string): Promise<Profile | undefined> {
  const { rows } = await database.query<Profile>({
    name: "user-profile",
    text: `SELECT ${PROFILE} FROM users.profiles WHERE user_id = $1`,
    values: [userId],
  });
  return rows[0];
}

/** Changes what is named, and leaves the rest as it is. */
export async function changeProfile(database: Queryable, userId: string, change: ProfileChange): Promise<Profile> {
  const first = {
    name: change.name ?? usualProfile.name,
    homeRegion: change.homeRegion ?? usualProfile.homeRegion,
    orderMail: change.orderMail ?? usualProfile.orderMail,
    news: change.news ?? usualProfile.news,
  };
  const { rows } = await database.query<Profile>({
    name: "user-change-profile",
    text: `
      INSERT INTO users.profiles AS p (user_id, name, home_region, order_mail, news) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (user_id) DO UPDATE SET
        name = coalesce($6, p.name), home_region = coalesce($7, p.home_region),
        order_mail = coalesce($8, p.order_mail), news = coalesce($9, p.news), updated_at = now()
      RETURNING ${PROFILE}`,
    values: [
      userId,
      first.name,
      first.homeRegion,
      first.orderMail,
      first.news,
      change.name,
      change.homeRegion,
      change.orderMail,
      change.news,
    ],
  });
  const [profile] = rows;
  if (profile === undefined) throw new Error("a profile that was just written is missing");
  return profile;
}

/** Makes sure that the person has a profile. */
export async function addProfile(database: Queryable, userId: string): Promise<void> {
  const { name, homeRegion, orderMail, news } = usualProfile;
  await database.query({
    text: `
      INSERT INTO users.profiles (user_id, name, home_region, order_mail, news) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (user_id) DO NOTHING`,
    values: [userId, name, homeRegion, orderMail, news],
  });
}

/** Keeps a copy of a person's data. Does nothing when it is there already, or the person has left. */
export async function addExport(
  database: Queryable,
  { id, userId, content, days }: { id: string; userId: string; content: Buffer; days: number },
): Promise<void> {
  await database.query({
    text: `
      INSERT INTO users.exports (id, user_id, content, expires_at)
      SELECT $1, user_id, $3, now() + make_interval(days => $4) FROM users.profiles WHERE user_id = $2
      ON CONFLICT (id) DO NOTHING`,
    values: [id, userId, content, days],
  });
}

/** A person's own copy, compressed with gzip; undefined if there is none, or none any more. */
export async function exportOf(database: Queryable, userId: string, id: string): Promise<Buffer | undefined> {
  const { rows } = await database.query<{ content: Buffer }>({
    text: "SELECT content FROM users.exports WHERE id = $1 AND user_id = $2 AND expires_at > now()",
    values: [id, userId],
  });
  return rows[0]?.content;
}

/** Removes what a person has said, and with it the copies. */
export async function forgetUser(database: Queryable, userId: string): Promise<void> {
  await database.query({ text: "DELETE FROM users.profiles WHERE user_id = $1", values: [userId] });
}

/** Removes copies that have expired. */
export async function sweepExports(database: Queryable): Promise<void> {
  await database.query({ text: "DELETE FROM users.exports WHERE expires_at < now()" });
}
