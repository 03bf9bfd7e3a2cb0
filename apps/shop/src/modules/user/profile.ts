import { z } from "zod";

/** Where a person's data are kept once the shop is in several places; until then, what they wish for. */
export const homeRegions = ["europe", "north-america", "south-america", "asia-pacific", "africa"] as const;
export type HomeRegion = (typeof homeRegions)[number];

/** What a person says of themselves. */
export interface Profile {
  /** How we address them; empty if they did not say. */
  readonly name: string;
  readonly homeRegion: HomeRegion;
  /** Whether they get a mail for each order. */
  readonly orderMail: boolean;
  /** Whether they get a mail when there are new pieces. */
  readonly news: boolean;
}

/** What is to become different; what is undefined stays as it is. */
export type ProfileChange = { readonly [Field in keyof Profile]?: Profile[Field] | undefined };

/** Of a person who has said nothing yet. News are for those who ask for them. */
export const usualProfile: Profile = { name: "", homeRegion: "europe", orderMail: true, news: false };

const name = z
  .string("Enter a name, or nothing.")
  .trim()
  .max(80, "Use at most 80 characters.")
  // Neither control characters, nor halves of characters, nor those that turn the direction of what follows.
  .regex(/^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u, "Use letters, digits, spaces and signs only.");
const homeRegion = z.enum(homeRegions, `Choose one of: ${homeRegions.join(", ")}.`);

/** A change of a profile by a program: what is not named stays as it is. */
export const profileChange = z
  .strictObject({ name, homeRegion, orderMail: z.boolean(), news: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "Name at least one of: name, homeRegion, orderMail, news.");

/** The form on the account's page. A box that is not ticked is not sent. */
export const profileForm = z.object({
  name,
  homeRegion,
  orderMail: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
  news: z
    .literal("on")
    .optional()
    .transform((value) => value === "on"),
});
