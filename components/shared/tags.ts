/** Tags as every component takes them: plain, because they are known before anything is created. */
export type Tags = Readonly<Record<string, string>>;

/** The tags with `Name` added, which is what the consoles of EC2 and VPC show in their lists. */
export function named(name: string, tags: Tags): Record<string, string> {
  return { ...tags, Name: name };
}

/** The tag by which the daily backup plan finds what it must keep. */
export const BACKUP_TAG = { key: "platform:backup", value: "daily" } as const;

/** The tags with the mark that puts a resource into the daily backup. */
export function backedUp(tags: Tags): Record<string, string> {
  return { ...tags, [BACKUP_TAG.key]: BACKUP_TAG.value };
}

/** The tag that says why a move to another stage may delete a resource although it holds data (see `ladder/src/guard.ts`). */
export const DATA_TAG = "platform:data";

/** The tags with the mark of what holds only copies: all in it stands elsewhere as well. */
export function copied(tags: Tags): Record<string, string> {
  return { ...tags, [DATA_TAG]: "copy" };
}

/** The tags with the mark of a log that nobody misses once that is gone of which it tells. */
export function diagnostic(tags: Tags): Record<string, string> {
  return { ...tags, [DATA_TAG]: "diagnostic" };
}
