import { isIPv4, isIPv6 } from "node:net";
import { bare } from "./names.ts";

/** Longest string of a TXT record (Route 53 Developer Guide, "TXT record type"). */
const MOST_TXT = 255;

const WRONG: Readonly<Record<string, (value: string) => string | undefined>> = {
  A: (value) => (isIPv4(value) ? undefined : "ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)"),
  AAAA: (value) => (isIPv6(value) ? undefined : "AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)"),
  CAA: (value) => {
    const [, flags = "", tag = "", content] = /^(\d{1,3}) ([a-z0-9]+) "([^"]*)"$/i.exec(value) ?? [];
    return content !== undefined &&
      Number(flags) <= 255 &&
      ["issue", "issuewild", "iodef", "issuemail", "issuevmc"].includes(tag.toLowerCase())
      ? undefined
      : 'CAARRDATAIllegalValue (Value is not a flag from 0 to 255, a tag such as issue, and a value in quotes: 0 issue "amazon.com")';
  },
  CNAME: (value) => (isHostName(value) ? undefined : "CNAMERRDATAIllegalDomainName (Value is not a valid domain name)"),
  MX: (value) => {
    const [preference = "", host = "", ...more] = value.split(/\s+/);
    if (host === "" || more.length > 0) return "MXRRDATANotTwoFields (MX record doesn't have 2 fields)";
    return /^\d{1,5}$/.test(preference) && Number(preference) <= 65_535 && isHostName(host)
      ? undefined
      : "MXRRDATAIllegalValue (Value is not a preference from 0 to 65535 and a domain name)";
  },
  NS: (value) => (isHostName(value) ? undefined : "NSRRDATAIllegalDomainName (Value is not a valid domain name)"),
  SRV: (value) => {
    const [priority = "", weight = "", port = "", host = "", ...more] = value.split(/\s+/);
    const numbers = [priority, weight, port].every((number) => /^\d{1,5}$/.test(number) && Number(number) <= 65_535);
    return numbers && host !== "" && more.length === 0 && isHostName(host)
      ? undefined
      : "SRVRRDATAIllegalValue (Value is not a priority, a weight and a port from 0 to 65535, and a domain name)";
  },
  TXT: (value) => {
    // Several strings may stand in one record: "one" "two"; the provider quotes a single one by itself.
    const strings = value.split(/"\s*"/).map((part) => part.replace(/^"|"$/g, ""));
    return strings.every((part) => part.length <= MOST_TXT) ? undefined : "CharacterStringTooLong (Value is too long)";
  },
};

function isHostName(value: string): boolean {
  return bare(value)
    .split(".")
    .every((label) => /^[a-z0-9_*]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label));
}

/** What Route 53 says of a value that a record of this type cannot hold, or undefined. */
export function valueFault(type: string, value: string): string | undefined {
  const wrong = WRONG[type]?.(value);
  return wrong === undefined ? undefined : `Invalid Resource Record: 'FATAL problem: ${wrong} encountered with '${value}''`;
}
