import rule from "../../../../policies/rules/storage/file-access-point-bounded.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const POINT = "aws:efs/accessPoint:AccessPoint";
const user = { uid: 1000, gid: 1000 };
const ANY_USER = "the provider's types demand a uid and a gid, and any user is one";

export default casesOf(rule, {
  passes: { "a folder for a user": { given: [POINT, { rootDirectory: { path: "/uploads" }, posixUser: user }] } },
  fails: {
    "an access point to everything": {
      given: [POINT, {}],
      says: [
        'rootDirectory.path is nothing, which means "/"; it must be a folder below the root.',
        "posixUser is nothing; it must name a user.",
      ],
    },
    "a user at the root": {
      given: [POINT, { rootDirectory: { path: "/" }, posixUser: user }],
      says: 'rootDirectory.path is "/"; it must be a folder below the root.',
    },
  },
  unknown: {
    "a folder that is chosen later": {
      given: [POINT, { rootDirectory: { path: UNKNOWN }, posixUser: user }],
      open: "rootDirectory.path",
    },
  },
  survives: { "rootDirectory.path: another text": "another folder is one as well", "posixUser.*": ANY_USER },
});
