import { createHash } from "node:crypto";
import { z } from "zod";
import type { Queryable } from "../../platform/database/database.ts";
import { remembered } from "../../platform/remembered.ts";

/** The features that can be switched, and for how many of a hundred people each is on unless an operator says otherwise. */
export const knownFlags = {
  /** People may send an order back by themselves. Off while the payment provider has trouble with refunds. */
  "send-back": 100,
} as const;
/** The name of a feature. */
export type Flag = keyof typeof knownFlags;

/** A name as it comes from outside. */
export const flagName = z.enum(Object.keys(knownFlags) as [Flag, ...Flag[]]);
/** For how many of a hundred people it is to be on. */
export const flagChange = z.strictObject({ percent: z.number().int().min(0).max(100) });

/** Which features are on for whom. */
export interface Flags {
  /** Whether a feature is on for a person. A person for whom it is on keeps it when it is given to more. */
  isOn(flag: Flag, userId: string): Promise<boolean>;
  /** For how many of a hundred people each feature is on. */
  shares(): Promise<Readonly<Record<Flag, number>>>;
  /** Gives a feature to so many of a hundred people. Other processes hear of it within ten seconds. */
  give(flag: Flag, percent: number): Promise<void>;
}

const FRESH_MS = 10_000;

export function createFlags(database: Queryable): Flags {
  const read = async (): Promise<Readonly<Record<Flag, number>>> => {
    const { rows } = await database.query<{ name: string; percent: number }>({
      name: "user-flags",
      text: "SELECT name, percent FROM users.flags",
    });
    // What another version knows and we do not is left out.
    const changed = rows.filter(({ name }) => Object.hasOwn(knownFlags, name)).map(({ name, percent }) => [name, percent]);
    return { ...knownFlags, ...(Object.fromEntries(changed) as Partial<Record<Flag, number>>) };
  };
  let kept = remembered(FRESH_MS, read);
  return {
    isOn: async (flag, userId) => placeOf(flag, userId) < (await kept())[flag],
    shares: read,
    async give(flag, percent) {
      await database.query({
        text: `
          INSERT INTO users.flags (name, percent) VALUES ($1, $2)
          ON CONFLICT (name) DO UPDATE SET percent = excluded.percent, changed_at = now()`,
        values: [flag, percent],
      });
      kept = remembered(FRESH_MS, read);
    },
  };
}

/** A person's place among a hundred, another one for each feature, so that not always the same people are the first. */
export function placeOf(flag: string, userId: string): number {
  return createHash("sha256").update(`${flag} ${userId}`).digest().readUInt32BE(0) % 100;
}
