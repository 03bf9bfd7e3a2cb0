/** A violation that was there when the pack was adopted. */
export interface BaselineEntry {
  readonly rule: string;
  /** Type token and logical name of the resource, as in a URN's end: `aws:s3/bucket:Bucket::assets`. The same in every stack. */
  readonly resource: string;
  /** The input that it is about; empty when it is about the whole resource. */
  readonly at: string;
}

/** The violations that do not count as new. */
export class Baseline {
  readonly #keys: ReadonlySet<string>;

  constructor(entries: readonly BaselineEntry[]) {
    this.#keys = new Set(entries.map(keyOf));
  }

  holds(entry: BaselineEntry): boolean {
    return this.#keys.has(keyOf(entry));
  }
}

/** How a baseline names a resource. */
export function baselineName({ name, type }: { name: string; type: string }): string {
  return `${type}::${name}`;
}

function keyOf({ at, resource, rule }: BaselineEntry): string {
  return `${rule} ${resource} ${at}`;
}
