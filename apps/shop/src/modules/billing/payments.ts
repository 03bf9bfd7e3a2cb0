/** Money asked of a person. */
export interface Charge {
  /** The order's. A provider asked twice under one id takes the money once. */
  readonly id: string;
  readonly amountCents: number;
  readonly currency: string;
  /** What the person pays with: a token of the provider's, never a card's number. */
  readonly method: string;
}

/** What became of a charge: taken, refused, or not decided yet. */
export type ChargeState = "paid" | "declined" | "pending";

/** Takes money and gives it back. */
export interface PaymentProvider {
  /** Whether it knows such a means of payment. */
  takes(method: string): boolean;
  /** Takes the money unless it has, and says what became of it. @throws Error when the provider cannot be asked or does not answer: the money may then have been taken */
  charge(charge: Charge): Promise<ChargeState>;
  /** Gives the money of a charge back, once, and takes none under its id from then on. @throws Error when it has to be asked again */
  refund(chargeId: string): Promise<void>;
}
