/** The cookies with which a load balancer keeps a session together (Elastic Load Balancing User Guide, "Sticky sessions"). */
export const COOKIE = { application: "AWSALBAPP-0", group: "AWSALBTG", target: "AWSALB" } as const;

/** The value of a cookie that a client sent; undefined where it sent none of that name. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (at >= 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/**
 * The `set-cookie` lines for a cookie of the load balancer: those that say how long to stick come a second time, under a name that ends in CORS, for requests
 * from pages of other sites.
 */
export function stickyCookies(name: string, value: string, expires: number): string[] {
  const plain = `${name}=${value}; Expires=${new Date(expires).toUTCString()}; Path=/`;
  return name === COOKIE.application ? [plain] : [plain, `${plain.replace(name, `${name}CORS`)}; SameSite=None; Secure`];
}
