import rule from "../../../../policies/rules/compute/image-not-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const PERMISSION = "aws:ec2/amiLaunchPermission:AmiLaunchPermission";

export default casesOf(rule, {
  passes: { "an image for one account": { given: [PERMISSION, { imageId: "ami-1", accountId: "123456789012" }] } },
  fails: {
    "an image for everyone": {
      given: [PERMISSION, { imageId: "ami-1", group: "all" }],
      says: 'group is "all"; it must not be "all".',
    },
  },
  unknown: { "a group that is chosen later": { given: [PERMISSION, { imageId: "ami-1", group: UNKNOWN }], open: "group" } },
  survives: { "imageId: *": "any image for one account", "accountId: *": "another account, or one that AWS asks for" },
});
