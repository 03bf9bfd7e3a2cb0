import rule from "../../../../policies/rules/database/search-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const DOMAIN = "aws:opensearch/domain:Domain";
const errors = { logType: "ES_APPLICATION_LOGS" };
const audit = { logType: "AUDIT_LOGS", enabled: true };
const saysOf = (log: string): string => `${log} are not published; logPublishingOptions must publish them.`;

export default casesOf(rule, {
  passes: { "a domain with both logs": { given: [DOMAIN, { logPublishingOptions: [errors, audit] }] } },
  fails: {
    "a domain without logs": { given: [DOMAIN, {}], says: [saysOf("ES_APPLICATION_LOGS"), saysOf("AUDIT_LOGS")] },
    "a domain whose audit log is off": {
      given: [DOMAIN, { logPublishingOptions: [errors, { ...audit, enabled: false }] }],
      says: saysOf("AUDIT_LOGS"),
    },
  },
  unknown: {
    "a log that is decided later": {
      given: [DOMAIN, { logPublishingOptions: [errors, { ...audit, enabled: UNKNOWN }] }],
      open: "logPublishingOptions[1].enabled",
    },
  },
  survives: { "logPublishingOptions[1].enabled: left out": "a log that is named is published" },
});
