import rule from "../../../../policies/rules/cloudflare/record-behind-edge.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases, together } from "../../support/switches.ts";

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

export default casesOf(
  rule,
  together(onCases(RECORD, "a record", "proxied", { type: "A" }), {
    passes: { "a text": { given: [RECORD, { type: "TXT" }] } },
    fails: {},
    unknown: {},
    survives: { "type: *": "the edge stands before no other type" },
  }),
);
