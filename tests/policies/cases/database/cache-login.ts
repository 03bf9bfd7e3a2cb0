import rule from "../../../../policies/rules/database/cache-login.ts";
import { exceptGlobalMembers, GROUP } from "../../support/caches.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const says = "the cache lets in whoever reaches it; it must have an authToken or userGroupIds.";
const ANY = "any login is one";

export default casesOf(
  rule,
  exceptGlobalMembers({
    passes: {
      "a group with a token": { given: [GROUP, { authToken: "a long and quiet sentence" }] },
      "a group with a token that is written and never read": { given: [GROUP, { authTokenWo: "a long and quiet sentence" }] },
      "a group with users": { given: [GROUP, { userGroupIds: ["shop"] }] },
      "a group with a token that is made with it": {
        given: {
          token: ["aws:secretsmanager/secretVersion:SecretVersion", {}],
          cache: [GROUP, { authToken: ref("token", "secretString") }],
        },
        cannotBreak: "the cases before show what happens without the token",
      },
    },
    fails: {
      "a group without a login": { given: [GROUP, {}], says },
      "a group with an empty one": { given: [GROUP, { authToken: "", userGroupIds: [] }], says },
    },
    unknown: { "a token that nobody knows the source of": { given: [GROUP, { authToken: UNKNOWN }], open: "authToken" } },
    survives: {
      "authToken: another text": ANY,
      "authTokenWo: another text": ANY,
      "userGroupIds[0]: *": "AWS refuses what is no group",
    },
  }),
);
