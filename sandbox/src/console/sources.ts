import type { Resource } from "../core/definition.ts";

/** A local process behind some resource; `ProcessStatus` of the supervisor is one. */
export interface ConsoleProcess {
  readonly name: string;
  readonly pid: number | undefined;
  readonly state: "starting" | "ready" | "waiting" | "stopped";
  readonly restarts: number;
  readonly memoryBytes: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The id of the resource that it plays. @default - the resource whose id or name is part of the process's name */
  readonly owner?: string;
}

/** A way into what the sandbox runs. */
export interface ConsoleDoor {
  /** The id of the resource that the door belongs to, such as an Elastic IP's. */
  readonly name: string;
  readonly url: string;
  /** The public address that it stands for. */
  readonly target: string;
  /** How many requests came through it in the last minute. @default - not counted */
  readonly requestsPerMinute?: number;
}

/** A CloudWatch alarm as it stands. */
export interface ConsoleAlarm {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly reason: string;
}

/** Something that happened. */
export interface ConsoleEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly message: string;
}

/** A fault that someone asked for and that is in force. */
export interface ConsoleFault {
  readonly id: string;
  readonly description: string;
}

/** A message that would have left for people, such as an alarm's e-mail. */
export interface ConsoleMail {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly to: string;
  readonly subject: string;
  /** @default - only the subject is shown */
  readonly body?: string;
  /** False for one that AWS would have kept back, as the address has not confirmed its subscription. @default true */
  readonly delivered?: boolean;
}

/** Everything that the console shows, at one moment. Called about once a second while a page is open, so it must be cheap. */
export interface ConsoleSnapshot {
  /** What is to be told of a resource as it is now, by its id: `reader, 12 ms behind`. @default - nothing */
  readonly details?: Readonly<Record<string, string>>;
  /** The account id: 12 digits. */
  readonly account: string;
  readonly resources: readonly Resource[];
  readonly processes: readonly ConsoleProcess[];
  readonly doors: readonly ConsoleDoor[];
  readonly alarms: readonly ConsoleAlarm[];
  /** Oldest first. */
  readonly events: readonly ConsoleEvent[];
  readonly faults: readonly ConsoleFault[];
  /** Oldest first. @default - no mailbox */
  readonly mail?: readonly ConsoleMail[];
  /** Values that must not be shown wherever they turn up, such as those that Secrets Manager keeps. @default - only the resources' own secrets */
  readonly secrets?: readonly string[];
}

/** What the daemon lends to the console: eyes, and hands for faults. */
export interface ConsoleSources {
  readonly snapshot: () => ConsoleSnapshot;
  /** The last lines of a process's log, oldest first; empty for an unknown name. */
  readonly tail: (process: string, lines: number) => readonly string[];
  /** Kills the process as a fault would. Throws, with words for people, if there is none of that name. */
  readonly kill: (process: string) => void | Promise<void>;
  /** Puts in a fault that somebody asks for. Throws, with words for people, if it makes no sense. */
  readonly addFault: (fault: unknown) => unknown;
  /** Ends a fault in force; one that is over already is fine. */
  readonly removeFault: (id: string) => unknown;
  /** Ends every fault in force. */
  readonly clearFaults: () => void | Promise<void>;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}
