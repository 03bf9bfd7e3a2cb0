import type { Value } from "../../core/values.ts";
import { shown } from "../limits.ts";

const WITH_PORTS = new Set(["tcp", "udp", "6", "17"]);
const NAMED = new Set(["tcp", "udp", "icmp", "icmpv6", "all", "-1"]);

/**
 * What is wrong with a rule's protocol and ports (Amazon EC2 API Reference, IpPermission), or undefined.
 * An inline rule writes "all ports" as 0 to 0 beside protocol -1; a standalone one leaves the ports out.
 */
export function protocolFault(
  protocol: string,
  from: Value | undefined,
  to: Value | undefined,
  inline: boolean,
): string | undefined {
  const name = protocol.toLowerCase();
  if (!NAMED.has(name) && !(/^\d{1,3}$/.test(name) && Number(name) <= 255)) {
    return `"${protocol}" is not a protocol; allowed: tcp, udp, icmp, icmpv6, -1 (all) or a number from 0 to 255`;
  }
  if (name === "-1" || name === "all") return everythingFault(from, to, inline);
  if (!WITH_PORTS.has(name)) return undefined;
  return portsFault(protocol, from, to);
}

function everythingFault(from: Value | undefined, to: Value | undefined, inline: boolean): string | undefined {
  const given = [from, to].filter((port) => port !== undefined && port !== null);
  if (!inline) return given.length === 0 ? undefined : "with protocol -1 every port is open: leave fromPort and toPort out";
  return given.every((port) => port === 0)
    ? undefined
    : `with protocol -1 fromPort and toPort must both be 0 (given: ${given.map(shown).join(", ")})`;
}

function portsFault(protocol: string, from: Value | undefined, to: Value | undefined): string | undefined {
  for (const [name, port] of [
    ["fromPort", from],
    ["toPort", to],
  ] as const) {
    if (port === undefined || port === null) return `protocol ${protocol} needs ${name}`;
    // A port that is not known yet passes.
    if (typeof port === "number" && (!Number.isInteger(port) || port < 0 || port > 65_535))
      return `${name} is ${port}; allowed: 0 to 65535`;
  }
  if (typeof from === "number" && typeof to === "number" && from > to) return `fromPort ${from} is greater than toPort ${to}`;
  return undefined;
}
