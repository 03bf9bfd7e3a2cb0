/** Lets work of one name wait for the work of that name before it, whether that went well or not. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does the work when its turn comes, and answers as it does. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.last.set(name, settled);
    try {
      return await mine;
    } finally {
      if (this.last.get(name) === settled) this.last.delete(name);
    }
  }
}
