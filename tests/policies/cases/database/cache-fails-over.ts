import rule from "../../../../policies/rules/database/cache-fails-over.ts";
import { exceptGlobalMembers, GROUP } from "../../support/caches.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

export default casesOf(
  rule,
  exceptGlobalMembers({
    passes: {
      "a group with a replica in another zone": { given: [GROUP, { automaticFailoverEnabled: true, multiAzEnabled: true }] },
    },
    fails: {
      "a group that says nothing of it": {
        given: [GROUP, {}],
        says: ["automaticFailoverEnabled is nothing; it must be true.", "multiAzEnabled is nothing; it must be true."],
      },
      "a group whose replica may stand beside the first node": {
        given: [GROUP, { automaticFailoverEnabled: true, multiAzEnabled: false }],
        says: "multiAzEnabled is false; it must be true.",
      },
    },
    unknown: {
      "a switch that is decided later": {
        given: [GROUP, { automaticFailoverEnabled: UNKNOWN, multiAzEnabled: false }],
        open: "automaticFailoverEnabled",
        says: "multiAzEnabled is false; it must be true.",
      },
    },
  }),
);
