/** Loaded first into a process (`--import`), whose clock is then ahead by CLOCK_SKEW_SECONDS, or behind. */
const skewMs = Number(process.env["CLOCK_SKEW_SECONDS"]) * 1000;
const RealDate = Date;

class SkewedDate extends RealDate {
  constructor(...args: ConstructorParameters<typeof RealDate> | []) {
    if (args.length === 0) super(RealDate.now() + skewMs);
    else super(...args);
  }
  static override now(): number {
    return RealDate.now() + skewMs;
  }
}
globalThis.Date = SkewedDate as DateConstructor;
