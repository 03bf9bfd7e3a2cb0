/** Something that gets a share of what is handed out. */
export interface Share<T> {
  readonly of: T;
  /** Relative to the others; 0 gets nothing. */
  readonly weight: number;
}

/**
 * Hands out turns in proportion to weights that may change from one turn to the next, and spreads each one's turns evenly: with equal weights it is plain round
 * robin. (Smooth weighted round robin, as nginx does it.)
 */
export class Turns<T extends object> {
  private credit = new WeakMap<T, number>();

  /** Whose turn it is; undefined where nobody has a weight. */
  next(shares: readonly Share<T>[]): T | undefined {
    const total = shares.reduce((sum, { weight }) => sum + weight, 0);
    if (total <= 0) return undefined;
    let chosen: { readonly of: T; readonly credit: number } | undefined;
    for (const { of, weight } of shares) {
      if (weight <= 0) continue;
      const credit = (this.credit.get(of) ?? 0) + weight;
      this.credit.set(of, credit);
      if (chosen === undefined || credit > chosen.credit) chosen = { of, credit };
    }
    if (chosen === undefined) return undefined;
    this.credit.set(chosen.of, chosen.credit - total);
    return chosen.of;
  }
}
