/** What a module keeps of people, so that a person can have a copy of all of it and have it removed. */
export interface PersonalData {
  /** The part of a person's copy that it makes. */
  readonly part: string;
  /** Everything that is kept of a person, ready for JSON. */
  exportOf(userId: string): Promise<unknown>;
  /** Removes it, or takes the person off what has to be kept. Does nothing the second time. */
  forget(userId: string): Promise<void>;
}
