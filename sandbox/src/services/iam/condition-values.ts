import { BlockList, isIP, isIPv4 } from "node:net";

/** Whether the text is an IP address or a range of them, such as `203.0.113.0/24`. */
export function isRange(text: string): boolean {
  const [network = "", bits, ...more] = text.split("/");
  const most = { 4: 32, 6: 128 }[isIP(network)];
  return most !== undefined && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

/** Whether an address lies in a range; nothing lies in what is none. */
export function inRange(address: string, range: string): boolean {
  if (!isRange(range)) return false;
  const [network = "", bits] = range.split("/");
  const family = isIPv4(network) ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** The moment that a date, or a number of seconds since 1970, stands for: milliseconds since then, or NaN. */
export function instant(value: string): number {
  return /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}
