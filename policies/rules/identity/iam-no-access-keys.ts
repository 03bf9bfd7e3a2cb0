import type { AccessKeyArgs } from "@pulumi/aws/iam/accessKey.js";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "iam-no-access-keys",
  title: "No access key is made for an IAM user",
  severity: "high",
  description:
    "An access key works for ever and from everywhere. Its secret is in the state of the stack, and in every file that it was ever copied to.",
  remediation:
    'Let programs take a role: by an instance profile, a service account, or OIDC from a build. Set the status of a key that must still exist to "Inactive".',
  controls: { wellArchitected: ["SEC02"] },
  resources: {
    "aws:iam/accessKey:AccessKey": (key: Resource<AccessKeyArgs>, { must }) =>
      must(key.at("status").or("Active"), be("Inactive")),
  },
});
