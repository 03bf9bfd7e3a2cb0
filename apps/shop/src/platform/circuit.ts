/** How a circuit behaves. */
export interface CircuitOptions {
  /** So many failures in a row open it. @default 5 */
  readonly failures?: number;
  /** How long it stays open before one call may try, in milliseconds; twice as long after each try that fails. @default 500 */
  readonly openMs?: number;
  /** The longest that it stays open, in milliseconds. @default 10000 */
  readonly mostOpenMs?: number;
  /** Hears when it opens and when it closes again. */
  readonly onChange?: (open: boolean) => void;
  /** A clock in milliseconds that never goes back. @default performance.now */
  readonly now?: () => number;
}

/** Thrown instead of a call while the circuit is open. */
export class CircuitOpenError extends Error {
  constructor() {
    super("the circuit is open");
    this.name = "CircuitOpenError";
  }
}

/** Stops asking somebody who does not answer: after a row of failures calls fail at once, but for one now and then that finds out whether it is worth asking again. */
export class Circuit {
  readonly #options: Required<Omit<CircuitOptions, "onChange">> & Pick<CircuitOptions, "onChange">;
  #failures = 0;
  #openUntil = 0;
  #openMs: number;
  #open = false;
  #trying = false;

  constructor({ failures = 5, openMs = 500, mostOpenMs = 10_000, now = () => performance.now(), onChange }: CircuitOptions = {}) {
    this.#options = { failures, openMs, mostOpenMs, now, ...(onChange !== undefined && { onChange }) };
    this.#openMs = openMs;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Runs the call, or refuses to. @throws CircuitOpenError while open, otherwise what the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const { now } = this.#options;
    if (this.#open && (this.#trying || now() < this.#openUntil)) throw new CircuitOpenError();
    const isTry = this.#open;
    this.#trying ||= isTry;
    try {
      const result = await call();
      this.#succeeded();
      return result;
    } catch (error) {
      this.#failed(isTry);
      throw error;
    } finally {
      if (isTry) this.#trying = false;
    }
  }

  #succeeded(): void {
    this.#failures = 0;
    if (!this.#open) return;
    this.#open = false;
    this.#openMs = this.#options.openMs;
    this.#options.onChange?.(false);
  }

  #failed(isTry: boolean): void {
    const { failures, mostOpenMs, now, onChange } = this.#options;
    this.#failures += 1;
    // Calls that were under way when it opened fail as well: they tell nothing new.
    if (this.#open && !isTry) return;
    if (!this.#open && this.#failures < failures) return;
    // Drawn, so that many processes do not all try in the same moment.
    this.#openUntil = now() + this.#openMs * (0.75 + Math.random() / 4);
    this.#openMs = Math.min(mostOpenMs, this.#openMs * 2);
    if (this.#open) return;
    this.#open = true;
    onChange?.(true);
  }
}
