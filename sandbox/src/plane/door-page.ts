import type { IncomingMessage, ServerResponse } from "node:http";

/** Why there is no answer of the product's own. */
export interface Unavailable {
  readonly status: number;
  /** One sentence for people; may hold no markup. */
  readonly reason: string;
  /** The name for `sandbox logs`. @default - no hint */
  readonly log?: string;
}

/** What a browser waits before it asks again, in seconds. */
const RETRY_SECONDS = 2;
const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  502: "Bad gateway",
  503: "Not there yet",
  504: "No answer in time",
};

/** Answers in the product's place: a page that asks again by itself, or plain text for programs. */
export function unavailablePage(request: IncomingMessage, response: ServerResponse, { status, reason, log }: Unavailable): void {
  const hint = log === undefined ? "" : `See what it says: npm run sandbox -- logs ${log}`;
  const isPage = request.headers.accept?.includes("text/html") ?? false;
  const body = isPage ? page(TITLES[status] ?? "Unavailable", reason, hint) : `${[reason, hint].filter(Boolean).join("\n")}\n`;
  // What is left of the request's body is thrown away, so that the connection can be used again.
  request.resume();
  response.writeHead(status, {
    "content-type": isPage ? "text/html; charset=utf-8" : "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "retry-after": String(RETRY_SECONDS),
  });
  response.end(request.method === "HEAD" ? "" : body);
}

function page(title: string, reason: string, hint: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${RETRY_SECONDS}">
<title>${title}</title>
<style>:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1rem }</style>
<h1>${title}</h1>
<p>${escaped(reason)}</p>
${hint === "" ? "" : `<p><code>${escaped(hint)}</code></p>\n`}</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
