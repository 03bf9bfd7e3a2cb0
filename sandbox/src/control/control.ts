import { fastify, type FastifyInstance } from "fastify";
import { FaultRefused } from "./fault-request.ts";
import type { FaultBoard } from "./faults.ts";
import { sameSecret } from "./same-secret.ts";
import type { SandboxEvent, SandboxStatus } from "./shapes.ts";

/** What the control API serves, and how. Everything that it knows of the daemon is here. */
export interface ControlOptions {
  /** Bearer token of every call. At least 32 random characters. */
  readonly token: string;
  /** Loopback port. @default 0, any that is free */
  readonly port?: number;
  readonly status: () => SandboxStatus;
  /** What happened after that sequence number, oldest first. */
  readonly events: (after: number) => readonly SandboxEvent[];
  /** The last lines of a process's log, oldest first; undefined for a name that is not known. */
  readonly logs: (name: string, lines: number) => readonly string[] | undefined;
  readonly faults: FaultBoard;
  /** Lifts what keeps resources from being deleted, world-wide, and says of how many. */
  readonly release: () => number | Promise<number>;
  /** Begins to stop the daemon; called once the answer has left. */
  readonly stop: () => void;
}

/** A control API that listens. */
export interface RunningControl {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A call that cannot be answered, in words for people. */
class Refusal extends Error {
  readonly statusCode: number;
  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

const MOST_LINES = 100_000;

/** Serves the control API on 127.0.0.1; the shapes are in `shapes.ts`. Rejects if the port cannot be had. */
export async function startControl(options: ControlOptions): Promise<RunningControl> {
  const app = fastify({ forceCloseConnections: true });
  app.addHook("onRequest", async (request) => {
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    if (!sameSecret(given, options.token))
      throw new Refusal(401, "the control API needs the token of this sandbox's daemon.json");
    return Promise.resolve();
  });
  app.setErrorHandler((error, _request, reply) => {
    const statusCode = (error as { readonly statusCode?: number }).statusCode ?? 500;
    return reply.code(statusCode).send({ message: error instanceof Error ? error.message : String(error) });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ message: `the control API has no ${request.method} ${request.url.split("?")[0] ?? ""}` }),
  );
  addReading(app, options);
  addFaults(app, options.faults);
  app.post("/release", async () => ({ released: await options.release() }));
  app.post("/stop", (_request, reply) => {
    reply.raw.once("finish", options.stop);
    return reply.code(202).send({ stopping: true });
  });
  return { url: await app.listen({ host: "127.0.0.1", port: options.port ?? 0 }), close: () => app.close() };
}

function addReading(app: FastifyInstance, { status, events, logs }: ControlOptions): void {
  app.get("/status", () => status());
  app.get<{ Querystring: { after?: string } }>("/events", ({ query }) => ({
    events: events(wholeNumber("after", query.after ?? "0", 0, Number.MAX_SAFE_INTEGER)),
  }));
  app.get<{ Querystring: { name?: string; lines?: string } }>("/logs", ({ query }, reply) => {
    const { name = "", lines = "100" } = query;
    const found = logs(name, wholeNumber("lines", lines, 1, MOST_LINES));
    if (found === undefined) {
      const names = status().processes.map((process) => process.name);
      throw new Refusal(404, `no process is called "${name}"; there are: ${names.join(", ") || "none"}`);
    }
    return reply.type("text/plain; charset=utf-8").send(found.map((line) => `${line}\n`).join(""));
  });
}

function addFaults(app: FastifyInstance, faults: FaultBoard): void {
  app.get("/faults", () => ({ faults: faults.list() }));
  app.post("/faults", async ({ body }, reply) => {
    try {
      const added = await faults.add(body);
      reply.code(201);
      return added;
    } catch (error) {
      // What is not wrong with the request is wrong with the world: a process of that name, say.
      throw new Refusal(error instanceof FaultRefused ? 400 : 409, error instanceof Error ? error.message : String(error));
    }
  });
  app.delete("/faults", () => ({ lifted: faults.clear() }));
  app.delete<{ Params: { id: string } }>("/faults/:id", ({ params: { id } }) => {
    if (faults.remove(id)) return { lifted: 1 };
    const ids = faults.list().map((fault) => fault.id);
    throw new Refusal(404, `no fault is called "${id}"; at work: ${ids.join(", ") || "none"}`);
  });
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Refusal(400, `${name} is "${text}"; allowed: a whole number from ${least} to ${most}`);
}
