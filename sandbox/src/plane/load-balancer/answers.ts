import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** An answer that the load balancer gives itself. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  /** @default - the page that belongs to the status */
  readonly body?: { readonly type: string; readonly text: string };
}

/** As the pages of Application Load Balancers call the statuses. */
const TITLES: Readonly<Record<number, string>> = {
  301: "301 Moved Permanently",
  302: "302 Found",
  400: "400 Bad Request",
  403: "403 Forbidden",
  405: "405 Method Not Allowed",
  463: "463",
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable",
  504: "504 Gateway Time-out",
};

/** Answers in the targets' place, as an Application Load Balancer words it. */
export function answerOwn(request: IncomingMessage, response: ServerResponse, { status, headers = {}, body }: OwnAnswer): void {
  const { type, text } = body ?? { type: "text/html", text: page(TITLES[status] ?? String(status)) };
  // What is left of the request's body is thrown away, so that the connection can be used again.
  request.resume();
  response.writeHead(status, {
    server: "awselb/2.0",
    ...(text !== "" && { "content-type": type === "text/html" ? type : `${type}; charset=utf-8` }),
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  response.end(request.method === "HEAD" ? "" : text);
}

function page(title: string): string {
  return [
    "<html>",
    `<head><title>${title}</title></head>`,
    "<body>",
    `<center><h1>${title}</h1></center>`,
    "</body>",
    "</html>",
    "",
  ].join("\r\n");
}
