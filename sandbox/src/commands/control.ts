import { UserError, messageOf } from "../toolchain/user-error.ts";

/** What a running daemon has written into `<home>/daemon.json`. */
export interface DaemonInfo {
  readonly pid: number;
  readonly startedAt: string;
  /** Loopback port of the providers. */
  readonly providerPort: number;
  /** The AWS API endpoint. */
  readonly apiUrl: string;
  readonly consoleUrl: string;
  readonly controlUrl: string;
  /** Bearer token of the control API. */
  readonly token: string;
  readonly version: string;
}

export interface SandboxStatus {
  readonly phase: string;
  readonly account: string;
  readonly resources: readonly { type: string; id: string; name: string; phase: string; region: string }[];
  readonly processes: readonly {
    name: string;
    pid: number | null;
    state: string;
    restarts: number;
    memoryBytes: number;
    startedAt: string | null;
  }[];
  readonly doors: readonly { name: string; url: string; target: string }[];
  readonly faults: readonly { id: string; description: string }[];
  readonly unclaimed: readonly unknown[];
}

/** A fault to put into the sandbox. `type` narrows it to one resource type, such as `aws:ec2/vpc:Vpc`. */
export type FaultRequest =
  | { readonly kind: "throttle"; readonly calls: number; readonly type?: string }
  | { readonly kind: "fail-create"; readonly nth: number; readonly type?: string }
  | { readonly kind: "latency"; readonly ms: number }
  | { readonly kind: "kill"; readonly name: string };

/** The daemon's control API, spoken by a client. Every method throws a {@link UserError} when the daemon refuses or does not answer. */
export class ControlClient {
  private readonly daemon: Pick<DaemonInfo, "controlUrl" | "token">;

  constructor(daemon: Pick<DaemonInfo, "controlUrl" | "token">) {
    this.daemon = daemon;
  }

  async status(timeoutMs = 10_000): Promise<SandboxStatus> {
    return (await this.json("GET", "/status", undefined, timeoutMs)) as SandboxStatus;
  }

  async events(after: number): Promise<readonly { seq: number; at: string; message: string }[]> {
    const answer = await this.json("GET", `/events?after=${String(after)}`);
    return (answer as { events: { seq: number; at: string; message: string }[] }).events;
  }

  /** The last lines that a process printed. */
  async logs(name: string, lines: number): Promise<string> {
    const response = await this.call("GET", `/logs?name=${encodeURIComponent(name)}&lines=${String(lines)}`);
    return response.text();
  }

  async addFault(fault: FaultRequest): Promise<{ id: string; description: string }> {
    return (await this.json("POST", "/faults", fault)) as { id: string; description: string };
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

  private async json(method: string, path: string, body?: unknown, timeoutMs?: number): Promise<unknown> {
    return (await this.call(method, path, body, timeoutMs)).json();
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
