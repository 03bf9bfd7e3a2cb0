import rule from "../../../../policies/rules/cloudflare/record-not-private.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

export default casesOf(rule, {
  passes: {
    "a public address": { given: [RECORD, { type: "A", content: "203.0.113.7" }] },
    "an address beside the private ones": { given: [RECORD, { type: "A", content: "172.32.0.1" }] },
  },
  fails: Object.fromEntries(
    ["10.0.0.1", "127.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1"].map((content) => [
      `the address ${content}`,
      { given: [RECORD, { type: "A", content }] as const, says: `content is "${content}"; it must be a public address.` },
    ]),
  ),
  unknown: { "an address that is not known": { given: [RECORD, { type: "A", content: UNKNOWN }], open: "content" } },
  survives: { "type: *": "another type holds no such address", "content: *": "what is no address is refused" },
});
