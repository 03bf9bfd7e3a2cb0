import rule from "../../../../policies/rules/delivery/target-group-checks-health.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { TARGETS, withOtherName } from "../../support/load-balancers.ts";

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "servers that are asked for a page": { given: [TARGETS, { protocol: "HTTP", healthCheck: { path: "/ready" } }] },
      "servers of TCP, which have no pages": { given: [TARGETS, { protocol: "TCP", healthCheck: { enabled: true } }] },
      "a function": { given: [TARGETS, { targetType: "lambda" }] },
    },
    fails: {
      "servers that are not asked": {
        given: [TARGETS, { protocol: "TCP", healthCheck: { enabled: false } }],
        says: "healthCheck.enabled is false; it must be true.",
      },
      "servers that are asked for their start page": {
        given: [TARGETS, { protocol: "HTTPS" }],
        says: "healthCheck.path is nothing; it must name a page.",
      },
    },
    unknown: {
      "a page that is not known": {
        given: [TARGETS, { protocol: "HTTP", healthCheck: { path: UNKNOWN } }],
        open: "healthCheck.path",
      },
      "targets of a kind that is not known": { given: [TARGETS, { targetType: UNKNOWN }], open: "targetType" },
    },
    survives: {
      "protocol: *": "AWS refuses a protocol that it does not have",
      "healthCheck: *": "AWS asks by itself",
      "healthCheck.enabled: left out": "AWS asks by itself",
      "healthCheck.path: another text": "another page may be the right one",
      "targetType: *": "servers of no protocol are refused by AWS",
    },
  }),
);
