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
