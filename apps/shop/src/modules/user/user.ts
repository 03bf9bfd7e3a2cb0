import type { Database } from "../../platform/database/database.ts";
import { type Profile, type ProfileChange, usualProfile } from "./profile.ts";
import { changeProfile, profileOf } from "./store.ts";

/** What other parts may ask of this module. */
export interface User {
  /** What a person has said of themselves, and the usual where they have said nothing. */
  profile(userId: string): Promise<Profile>;
  /** Changes what is named, and leaves the rest as it is. */
  changeProfile(userId: string, change: ProfileChange): Promise<Profile>;
}

export function createUser(database: Database): User {
  return {
    profile: async (userId) => (await profileOf(database, userId)) ?? usualProfile,
    changeProfile: (userId, change) => changeProfile(database, userId, change),
  };
}
