import { request } from "node:http";

/** An answer of the console. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a test sends besides the path. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks as no browser would: with any `Host`, `Origin` and `Cookie`, and without following redirects. */
export async function ask(base: string, path: string, { method = "GET", headers = {}, body }: Sent = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const call = request(new URL(path, base), { method, headers: { ...headers } }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
  });
  call.on("error", reject);
  call.end(body);
  return promise;
}

/** One server-sent event. */
export interface StreamEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Reads server-sent events as they come; ends when the server does. Comments are left out. */
export async function* follow(base: string, path: string, cookie: string): AsyncGenerator<StreamEvent> {
  const response = await fetch(new URL(path, base), { headers: { cookie } });
  if (response.body === null || !response.ok) throw new Error(`the stream answered ${response.status}`);
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const found = /^event: (.+)\ndata: (.+)$/.exec(block);
      if (found !== null) yield { event: found[1] ?? "", data: JSON.parse(found[2] ?? "{}") };
    }
  }
}
