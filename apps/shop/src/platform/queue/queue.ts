/** A message as it was received. */
export interface Message {
  readonly body: string;
  /** By which it is held and removed; a new one each time that it is received. */
  readonly handle: string;
  /** When it was sent, by the queue's clock. */
  readonly sentAt: Date;
}

/** What is asked of a queue. */
export interface Receiving {
  /** At most so many messages, from 1 to 10. */
  readonly most: number;
  /** How long to wait for the first one, in seconds, up to 20. */
  readonly waitSeconds: number;
  /** How long nobody else receives them, in seconds. */
  readonly holdSeconds: number;
}

/** A queue that delivers each message at least once, and sets one aside that was received too often without being removed. */
export interface MessageQueue {
  /** @throws Error when some were not taken; the others then are */
  send(bodies: readonly string[]): Promise<void>;
  /** Ends early, with nothing, at the signal. */
  receive(receiving: Receiving, signal: AbortSignal): Promise<readonly Message[]>;
  /** Keeps messages from others for so long from now, in seconds up to 43200; 0 gives them to the next who asks. One that is no longer ours is left as it is. */
  hold(handles: readonly string[], seconds: number): Promise<void>;
  /** Takes messages off the queue. */
  remove(handles: readonly string[]): Promise<void>;
  close(): void;
}
