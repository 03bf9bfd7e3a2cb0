import type { Unit } from "./cloud-init.ts";

/** What a unit of the built-in proxy is to do. */
export interface ProxyPlan {
  /** The name under which people come, if it is not every name. */
  readonly domain?: string;
  /** The port of the server to which it forwards. */
  readonly to: number;
}

/** Reads `caddy reverse-proxy --from FROM --to 127.0.0.1:PORT`; a string says what can't be played. */
export function proxyPlan({ name, command }: Pick<Unit, "name" | "command">): ProxyPlan | string {
  const [program, verb, ...flags] = command;
  const options = new Map<string, string>();
  for (let at = 0; at < flags.length; at += 2) options.set(flags[at] ?? "", flags[at + 1] ?? "");
  const unknown = [...options.keys()].find((flag) => !["--from", "--to"].includes(flag));
  if (program !== "caddy" || verb !== "reverse-proxy" || unknown !== undefined) {
    return `the unit "${name}" runs "${command.join(" ")}"; of caddy the sandbox plays "caddy reverse-proxy --from ADDRESS --to 127.0.0.1:PORT"`;
  }
  const to = /^(?:http:\/\/)?(?:127\.0\.0\.1|localhost)?:(\d{1,5})$/.exec(options.get("--to") ?? "")?.[1];
  if (to === undefined)
    return `the unit "${name}" forwards to "${options.get("--to") ?? ""}"; the sandbox plays a port of the server itself, 127.0.0.1:PORT`;
  const from = /^(?:https?:\/\/)?([a-z0-9.-]*)(?::\d{1,5})?$/i.exec(options.get("--from") ?? "localhost");
  if (from === null)
    return `the unit "${name}" serves "${options.get("--from") ?? ""}", which is not an address such as :80 or https://shop.example.com`;
  const domain = from[1] ?? "";
  return { ...(domain !== "" && { domain }), to: Number(to) };
}
