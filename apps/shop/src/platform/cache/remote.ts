/** A value as the remote cache holds it. */
export interface Held {
  readonly text: string;
  /** How long it is still kept, in milliseconds by the cache's own clock: those of its clients differ. */
  readonly keptMs: number;
}

/** A cache that several processes share. Every call may fail or take long; {@link Guarded} sees to that. */
export interface RemoteCache {
  get(key: string): Promise<Held | undefined>;
  /** Asks to be the one who fetches the value; false while somebody else is. The lease ends by itself after `ms`. */
  lease(key: string, token: string, ms: number): Promise<boolean>;
  /** Keeps a value for `ms`, and ends the lease. Does nothing without the lease: the value was removed since, so what was fetched may be out of date. */
  store(key: string, token: string, text: string, ms: number): Promise<void>;
  /** Ends the lease without a value. */
  release(key: string, token: string): Promise<void>;
  /** Removes values, and the leases of those who are fetching them. */
  remove(keys: readonly string[]): Promise<void>;
  close(): void;
}
