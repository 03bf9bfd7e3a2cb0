import { setTimeout as pause } from "node:timers/promises";
import { CloudError } from "../core/definition.ts";
import type { CloudCall } from "../core/engine.ts";
import { type KnownNames, readFaultRequest } from "./fault-request.ts";
import { serviceOf } from "./service.ts";
import type { FaultRequest, FaultRow } from "./shapes.ts";

/** How a board reaches the world. */
export interface FaultBoardOptions {
  /** Kills a process. Throws, with words for people, if there is none of that name. */
  readonly kill: (name: string) => void | Promise<void>;
  /** Switches an instance or an Availability Zone off, and on again. Throws, with words for people, if there is none. @default - there is nothing to switch off */
  readonly outages?: {
    readonly begin: (place: OutagePlace) => void | Promise<void>;
    readonly end: (place: OutagePlace) => void;
  };
  /** Lets EC2 take a Spot instance back. Throws, with words for people, if there is none. @default - there is none */
  readonly interrupt?: (instance: string) => void;
  /** Names that a fault may use. @default - any */
  readonly known?: () => KnownNames;
  /** Waits so many milliseconds, or rejects when the signal says stop. @default - a timer */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** What is switched off. */
export type OutagePlace = { readonly instance: string } | { readonly zone: string };

type Standing = Exclude<FaultRequest, { kind: "kill" | "spot-interruption" }>;

type Outage = Extract<FaultRequest, { kind: "outage" }>;

interface Active {
  readonly id: string;
  readonly fault: Standing;
  /** The calls that it has been counted for. */
  seen: number;
}

/** A call to the cloud, whichever way it came. */
interface Call {
  readonly service: string;
  readonly operation: string;
  /** Absent for calls of the AWS API. */
  readonly type?: string;
}

/**
 * The faults that people have asked for. Deterministic: it counts calls and rolls no dice, so a test that asks for the third create to fail
 * gets the third. Faults end with the daemon.
 */
export class FaultBoard {
  private readonly options: FaultBoardOptions;
  private active: Active[] = [];
  private made = 0;

  constructor(options: FaultBoardOptions) {
    this.options = options;
  }

  /** Puts a fault in, and says what it will do. Throws {@link FaultRefused} for one that makes no sense. A kill is done at once and not kept. */
  async add(input: unknown): Promise<FaultRow> {
    const fault = readFaultRequest(input, this.options.known?.());
    const id = `${fault.kind}-${String(++this.made)}`;
    if (fault.kind === "kill") {
      await this.options.kill(fault.name);
      return { id, description: `${fault.name} has been killed` };
    }
    if (fault.kind === "spot-interruption") {
      if (this.options.interrupt === undefined) throw new Error("there are no Spot instances here");
      this.options.interrupt(fault.instance);
      return { id, description: `${fault.instance} is taken back in two minutes` };
    }
    if (fault.kind === "outage") {
      if (this.options.outages === undefined) throw new Error("there is nothing to switch off here");
      await this.options.outages.begin(placeOf(fault));
    }
    const active = { id, fault, seen: 0 };
    this.active.push(active);
    return rowOf(active);
  }

  /** The faults at work, in the order in which they were put in. */
  list(): FaultRow[] {
    return this.active.map(rowOf);
  }

  /** Lifts a fault; false if there is none of that id (any more). */
  remove(id: string): boolean {
    const lifted = this.active.filter((active) => active.id === id);
    this.active = this.active.filter((active) => active.id !== id);
    this.end(lifted);
    return lifted.length > 0;
  }

  /** Lifts all faults and says how many. */
  clear(): number {
    const lifted = this.active.splice(0);
    this.end(lifted);
    return lifted.length;
  }

  /** A place that two outages name stays off until both are lifted. */
  private end(lifted: readonly Active[]): void {
    const still = this.active.flatMap(({ fault }) => (fault.kind === "outage" ? [nameOf(fault)] : []));
    for (const { fault } of lifted)
      if (fault.kind === "outage" && !still.includes(nameOf(fault))) this.options.outages?.end(placeOf(fault));
  }

  /** Stands before each call of the engine (`EngineOptions.before`): waits as latency says, then throws what a fault answers in its place. */
  readonly before = (call: CloudCall, signal?: AbortSignal): Promise<void> => {
    return this.meet({ service: serviceOf(call.type), operation: call.action, type: call.type }, signal);
  };

  /** Stands before each call of the AWS API, in the same way; the service as signatures name it. */
  readonly beforeCall = (service: string, operation: string, signal?: AbortSignal): Promise<void> => {
    return this.meet({ service, operation }, signal);
  };

  private async meet(call: Call, signal: AbortSignal | undefined): Promise<void> {
    const milliseconds = this.delay(call);
    if (milliseconds > 0) await (this.options.wait ?? timer)(milliseconds, signal);
    const refusal = this.throttled(call) ?? this.failed(call);
    if (refusal !== undefined) throw refusal;
  }

  private delay(call: Call): number {
    return this.active.reduce((sum, { fault }) => sum + (fault.kind === "latency" && concerns(fault, call) ? fault.ms : 0), 0);
  }

  /** A call that one throttle refuses is not counted by the next. */
  private throttled(call: Call): CloudError | undefined {
    for (const active of this.active) {
      const { fault, id } = active;
      if (fault.kind !== "throttle" || !concerns(fault, call)) continue;
      active.seen++;
      if (fault.calls !== undefined && active.seen >= fault.calls) this.remove(id);
      if (fault.calls !== undefined || active.seen % (fault.every ?? 1) === 0) return throttling(call.service);
    }
    return undefined;
  }

  /** Only creates that get past the throttles are counted: a throttled one has not begun. */
  private failed(call: Call): CloudError | undefined {
    if (call.type === undefined || call.operation !== "create") return undefined;
    const due = this.active.filter(({ fault }) => fault.kind === "fail-create" && concerns(fault, call)).filter(isDue);
    for (const { id } of due) this.remove(id);
    const [first] = due;
    if (first?.fault.kind !== "fail-create") return undefined;
    return new CloudError(
      first.fault.code ?? "InternalFailure",
      `This create was made to fail (${first.id}: ${describe(first)}).`,
      500,
    );
  }
}

/** Counts the call, and tells whether it is the one. */
function isDue(active: Active): boolean {
  active.seen++;
  return active.fault.kind === "fail-create" && active.seen >= active.fault.nth;
}

function concerns(fault: Standing, call: Call): boolean {
  if (fault.kind === "outage") return false;
  const operation = "operation" in fault ? fault.operation : undefined;
  return (
    (fault.type === undefined || fault.type === call.type) &&
    (fault.service === undefined || fault.service === call.service) &&
    (operation === undefined || operation.toLowerCase() === call.operation.toLowerCase())
  );
}

/**
 * The service's own words: docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, AmazonS3/latest/API/ErrorResponses.html,
 * and the common errors of every other service's API reference.
 */
function throttling(service: string): CloudError {
  if (service === "s3") return new CloudError("SlowDown", "Please reduce your request rate.", 503);
  if (service === "ec2") return new CloudError("RequestLimitExceeded", "Request limit exceeded.", 503);
  return new CloudError("ThrottlingException", "Rate exceeded", 400);
}

async function timer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(milliseconds, undefined, signal === undefined ? {} : { signal });
}

function rowOf(active: Active): FaultRow {
  return { id: active.id, description: describe(active) };
}

function describe({ fault, seen }: Active): string {
  switch (fault.kind) {
    case "throttle":
      return fault.calls === undefined
        ? `throttles every ${ordinal(fault.every ?? 1)} call${scopeOf(fault)}`
        : `throttles the next ${String(fault.calls - seen)} calls${scopeOf(fault)}`;
    case "fail-create":
      return `fails the ${ordinal(Math.max(1, fault.nth - seen))} create from now${scopeOf(fault)}`;
    case "outage":
      return `keeps ${nameOf(fault)} off`;
    case "latency":
      return `adds ${String(fault.ms)} ms to each call${scopeOf(fault)}`;
  }
}

function placeOf({ instance, zone = "" }: Outage): OutagePlace {
  return instance === undefined ? { zone } : { instance };
}

function nameOf({ instance, zone }: Outage): string {
  return instance ?? zone ?? "";
}

function scopeOf(fault: Exclude<Standing, Outage>): string {
  const operation = "operation" in fault && fault.operation !== undefined ? ` of ${fault.operation}` : "";
  const place = fault.type ?? fault.service;
  return `${operation}${place === undefined ? "" : ` on ${place}`}`;
}

function ordinal(number: number): string {
  const tens = number % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${String(number)}${ending}`;
}
