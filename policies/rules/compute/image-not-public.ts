import type { AmiLaunchPermissionArgs } from "@pulumi/aws/ec2/amiLaunchPermission.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "image-not-public",
  title: "No machine image is for everyone",
  severity: "critical",
  description:
    "A machine image holds all that was ever written to its disk: code, keys, history. Public images are searched for them.",
  remediation: "Name the accounts, or the organisation, that start the image.",
  controls: { wellArchitected: ["SEC03"] },
  resources: {
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission": (permission: Resource<AmiLaunchPermissionArgs>, { must }) =>
      must(permission.at("group"), beNoneOf("all")),
  },
});
