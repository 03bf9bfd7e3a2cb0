import rule from "../../../../policies/rules/database/cache-tls.ts";
import { exceptGlobalMembers, GROUP } from "../../support/caches.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

const on = onCases(GROUP, "a group", "transitEncryptionEnabled");

export default casesOf(
  rule,
  exceptGlobalMembers({
    ...on,
    fails: {
      ...on.fails,
      "a group that also takes clients without TLS": {
        given: [GROUP, { transitEncryptionEnabled: true, transitEncryptionMode: "preferred" }],
        says: 'transitEncryptionMode is "preferred"; it must not be "preferred".',
      },
    },
  }),
);
