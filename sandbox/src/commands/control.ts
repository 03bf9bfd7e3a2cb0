import type { z } from "zod";
import {
  type DaemonInfo,
  eventsShape,
  faultRow,
  type FaultRequest,
  type FaultRow,
  type SandboxEvent,
  type SandboxStatus,
  statusShape,
} from "../control/shapes.ts";
import { UserError, messageOf } from "../toolchain/user-error.ts";

export type { DaemonInfo, FaultRequest, SandboxStatus } from "../control/shapes.ts";

/** Raised when the daemon answers in other shapes than these commands know: one of the two is newer. */
export class OtherVersion extends UserError {}

/** The daemon's control API, spoken by a client. Every method throws a {@link UserError} when the daemon refuses or does not answer. */
export class ControlClient {
  private readonly daemon: Pick<DaemonInfo, "controlUrl" | "token">;

  constructor(daemon: Pick<DaemonInfo, "controlUrl" | "token">) {
    this.daemon = daemon;
  }

  async status(timeoutMs = 10_000): Promise<SandboxStatus> {
    return this.read(statusShape, "GET", "/status", undefined, timeoutMs);
  }

  async events(after: number): Promise<readonly SandboxEvent[]> {
    return (await this.read(eventsShape, "GET", `/events?after=${String(after)}`)).events;
  }

  /** The last lines that a process printed, by its exact name. */
  async logs(name: string, lines: number): Promise<string> {
    const response = await this.call("GET", `/logs?name=${encodeURIComponent(name)}&lines=${String(lines)}`);
    return response.text();
  }

  async addFault(fault: FaultRequest): Promise<FaultRow> {
    return this.read(faultRow, "POST", "/faults", fault);
  }

  async removeFault(id: string): Promise<void> {
    await this.call("DELETE", `/faults/${encodeURIComponent(id)}`);
  }

  async clearFaults(): Promise<void> {
    await this.call("DELETE", "/faults");
  }

  /** Lifts deletion protections and empties buckets, ahead of a destroy. */
  async release(): Promise<void> {
    await this.call("POST", "/release", undefined, 60_000);
  }

  /** Asks the daemon to stop its processes and then itself; answers when it has begun. */
  async stop(): Promise<void> {
    await this.call("POST", "/stop");
  }

  private async read<T>(shape: z.ZodType<T>, method: string, path: string, body?: unknown, timeoutMs?: number): Promise<T> {
    const answer = shape.safeParse(await (await this.call(method, path, body, timeoutMs)).json());
    if (answer.success) return answer.data;
    throw new OtherVersion("The sandbox daemon speaks another version than these commands.", [
      `call: ${method} ${path}`,
      ...answer.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
      "Stop it with `npm run sandbox -- stop`, then run `npm start`.",
    ]);
  }

  private async call(method: string, path: string, body?: unknown, timeoutMs = 10_000): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.daemon.controlUrl), {
        method,
        headers: {
          authorization: `Bearer ${this.daemon.token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      const lines = [`reason: ${causeOf(error)}`, "See `npm run sandbox -- logs daemon`."];
      throw new UserError(`The sandbox daemon does not answer on ${this.daemon.controlUrl}.`, lines, { cause: error });
    }
    if (!response.ok) throw await refusal(response, `${method} ${path}`);
    return response;
  }
}

async function refusal(response: Response, call: string): Promise<UserError> {
  const text = await response.text();
  let said = text;
  try {
    const body = JSON.parse(text) as { error?: string; message?: string };
    said = body.message ?? body.error ?? text;
  } catch {
    // Not JSON: shown as it is.
  }
  return new UserError("The sandbox refused this.", [`call: ${call} (${String(response.status)})`, ...said.split("\n")]);
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.message !== "" ? cause.message : messageOf(error);
}
