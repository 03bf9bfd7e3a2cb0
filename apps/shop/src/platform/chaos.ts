/** What is to go wrong, on purpose. */
export interface Faults {
  /** Every request waits so long first, in milliseconds. */
  readonly requestDelayMs: number;
  /** The share of requests that fail with 503, from 0 to 1. */
  readonly requestFailures: number;
  /** Connections to the database cannot be had. */
  readonly databaseAway: boolean;
  /** The shared cache does not answer. */
  readonly cacheAway: boolean;
}

const NONE: Faults = { requestDelayMs: 0, requestFailures: 0, databaseAway: false, cacheAway: false };

/** Faults for drills. There are none until somebody asks for some, and they end by themselves. */
export class Chaos {
  #faults = NONE;
  #end: NodeJS.Timeout | undefined;

  get faults(): Faults {
    return this.#faults;
  }

  /** From now on these and no others, for so many seconds. */
  begin(faults: Partial<Faults>, seconds: number): void {
    this.end();
    this.#faults = { ...NONE, ...faults };
    this.#end = setTimeout(() => this.end(), seconds * 1000).unref();
  }

  end(): void {
    clearTimeout(this.#end);
    this.#faults = NONE;
  }

  /** @throws Error as if the server were not there, while it is to be away */
  database(): void {
    if (this.#faults.databaseAway) throw away("the database");
  }

  /** @throws Error as if the server were not there, while it is to be away */
  cache(): void {
    if (this.#faults.cacheAway) throw away("the cache");
  }
}

function away(what: string): Error {
  return Object.assign(new Error(`a drill: ${what} is away`), { code: "ECONNREFUSED" });
}
