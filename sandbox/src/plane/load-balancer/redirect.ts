import type { Asked, Front } from "./request.ts";

/** Where a client is sent instead. Each part may hold `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}`. */
export interface Redirect {
  readonly status: 301 | 302;
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  /** With its first slash. */
  readonly path: string;
  /** Without a question mark. */
  readonly query: string;
}

/** Names by which programs of this machine reach it. */
const LOOPBACK = ["127.0.0.1", "localhost"];

/**
 * The `location` of a redirect, as an Application Load Balancer writes it: always with the port. Who came over loopback is sent on to the local port behind that
 * port of the load balancer, where TLS is left out; `localPort` knows it.
 */
export function locationOf(
  redirect: Redirect,
  asked: Asked,
  front: Front,
  localPort: (port: number) => number | undefined,
): string {
  const words: Readonly<Record<string, string>> = {
    protocol: front.protocol,
    host: asked.host,
    port: String(front.port),
    // Without its first slash, which the redirect itself writes.
    path: asked.path.replace(/^\//, ""),
    query: asked.query.replace(/^\?/, ""),
  };
  const filled = (part: string): string => part.replaceAll(/#\{(\w+)\}/g, (whole, name: string) => words[name] ?? whole);
  const [host, port, query] = [filled(redirect.host), filled(redirect.port), filled(redirect.query)];
  const here = host === asked.host && LOOPBACK.includes(host) ? localPort(Number(port)) : undefined;
  const place =
    here === undefined ? `${filled(redirect.protocol).toLowerCase()}://${host}:${port}` : `http://${host}:${String(here)}`;
  return `${place}${filled(redirect.path)}${query === "" ? "" : `?${query}`}`;
}
