import rule from "../../../../policies/rules/database/database-proxy-tls.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const PROXY = "aws:rds/proxy:Proxy";

export default casesOf(rule, {
  passes: { "a proxy that asks for TLS": { given: [PROXY, { requireTls: true }] } },
  fails: {
    "a proxy that does not": { given: [PROXY, { requireTls: false }], says: "requireTls is false; it must be true." },
    "a proxy that says nothing of it": { given: [PROXY, {}], says: "requireTls is nothing; it must be true." },
  },
  unknown: { "a proxy of which it is decided later": { given: [PROXY, { requireTls: UNKNOWN }], open: "requireTls" } },
});
