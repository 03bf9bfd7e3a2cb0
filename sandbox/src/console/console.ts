import { fastify, type FastifyReply, type FastifyRequest } from "fastify";
import { Assets, ASSETS } from "./assets.ts";
import { faultOf } from "./fault-forms.ts";
import { fragments } from "./fragments.ts";
import { Guard, isLoopbackHost } from "./guard.ts";
import { lockedPage, page, type PageAssets } from "./page.ts";
import { concealed, secretsOf } from "./secrets.ts";
import type { ConsoleSources } from "./sources.ts";
import { LiveStreams, type LivePage } from "./stream.ts";
import { viewOf } from "./view.ts";

/** How the console is served. */
export interface ConsoleOptions {
  readonly sources: ConsoleSources;
  /** Opens the console, by `/?token=...`. At least 32 random characters, and not the control API's. */
  readonly token: string;
  /** Loopback port. @default 0, any that is free */
  readonly port?: number;
  /** How often an open page is looked after, in milliseconds. @default 1000 */
  readonly refreshMilliseconds?: number;
}

/** A console that listens. */
export interface RunningConsole {
  /** The address that opens it, key included: for the owner's eyes. */
  readonly url: string;
  /** Ends every open page's stream and stops listening. */
  readonly close: () => Promise<void>;
}

const LOG_LINES = 300;
const PLAIN = "text/plain; charset=utf-8";
const PAGE = "text/html; charset=utf-8";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/** Serves the console on 127.0.0.1. Rejects if the port cannot be had. */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { sources, token, port = 0, refreshMilliseconds = 1000 } = options;
  const app = fastify();
  const guard = new Guard(token);
  const files = new Assets();
  const assets = { style: files.address("style.css"), script: files.address("client.js"), icon: files.address("icon.svg") };
  const look = looker(sources);
  const streams = new LiveStreams(look, refreshMilliseconds);

  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: 4096 },
    (_request, body, parsed) => parsed(null, new URLSearchParams(body.toString())),
  );
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    await admit(guard, request, reply, assets);
  });
  app.addHook("preClose", (closed) => {
    streams.endAll();
    closed();
  });

  app.get("/", (request, reply) => {
    const { log, ...content } = look();
    return reply.type(PAGE).send(page(content, assets, log(queried(request, "log"))));
  });
  app.get("/console/stream", (request, reply) => {
    reply.hijack();
    streams.open(reply.raw, queried(request, "log"), { ...HEADERS, "content-type": "text/event-stream; charset=utf-8" });
  });
  app.get<{ Params: { file: string } }>(`${ASSETS}:file`, (request, reply) => {
    const file = files.find(request.params.file);
    if (file === undefined) return reply.code(404).type(PLAIN).send("there is no such file\n");
    return reply.header("cache-control", "public, max-age=31536000, immutable").type(file.mediaType).send(file.content);
  });
  app.post("/console/faults/kill", async (request, reply) =>
    act(request, reply, (form) => sources.kill(form.get("process") ?? "")),
  );
  app.post("/console/faults/add", async (request, reply) => act(request, reply, (form) => sources.addFault(faultOf(form))));
  app.post("/console/faults/remove", async (request, reply) =>
    act(request, reply, (form) => sources.removeFault(form.get("fault") ?? "")),
  );
  app.post("/console/faults/clear", async (request, reply) => act(request, reply, () => sources.clearFaults()));

  const address = await app.listen({ host: "127.0.0.1", port });
  return { url: `${address}/?token=${encodeURIComponent(token)}`, close: () => app.close() };
}

/** Looks at the world once; logs are read from the same look, with the same secrets struck. */
function looker({ snapshot, tail, now = Date.now }: ConsoleSources): () => LivePage {
  return () => {
    const world = snapshot();
    const log = (process: string | undefined): ReturnType<LivePage["log"]> =>
      process === undefined
        ? undefined
        : concealed({ process, text: tail(process, LOG_LINES).join("\n") }, secretsOf(world.resources, world.secrets));
    const view = viewOf(world);
    return { parts: fragments(view, now()), services: view.services, log };
  };
}

/** Lets the request on, exchanges a token for the cookie, or answers why not. Assets hold nothing of this sandbox: they need no key. */
async function admit(guard: Guard, request: FastifyRequest, reply: FastifyReply, { style }: PageAssets): Promise<void> {
  const { host, origin, cookie } = request.headers;
  const token = queried(request, "token");
  if (token !== undefined && isLoopbackHost(host) && guard.opens(token)) {
    await reply.header("set-cookie", guard.setCookie(host)).redirect("/", 303);
    return;
  }
  const refusal = guard.refuse({ method: request.method, host, origin, cookie });
  if (refusal === undefined || (refusal.status === 401 && request.routeOptions.url?.startsWith(ASSETS) === true)) return;
  reply.code(refusal.status);
  if (refusal.status === 401 && request.url.split("?")[0] === "/") await reply.type(PAGE).send(lockedPage(style));
  else await reply.type(PLAIN).send(`${refusal.reason}\n`);
}

async function act(
  request: FastifyRequest,
  reply: FastifyReply,
  action: (form: URLSearchParams) => unknown,
): Promise<FastifyReply> {
  try {
    await action(request.body instanceof URLSearchParams ? request.body : new URLSearchParams());
  } catch (error) {
    return reply
      .code(409)
      .type(PLAIN)
      .send(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  return reply.redirect("/", 303);
}

function queried(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
