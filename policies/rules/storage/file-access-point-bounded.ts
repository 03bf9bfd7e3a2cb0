import type { AccessPointArgs } from "@pulumi/aws/efs/accessPoint.js";
import { beSet, fit } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "file-access-point-bounded",
  title: "An access point gives one folder to one user",
  severity: "medium",
  description:
    "Without a folder and a user of its own, a program behind an access point reads and writes what belongs to others.",
  remediation: "Set rootDirectory.path to a folder below the root, and posixUser with a uid and a gid.",
  controls: { fsbp: ["EFS.3", "EFS.4"], wellArchitected: ["SEC03"] },
  resources: {
    "aws:efs/accessPoint:AccessPoint": (point: Resource<AccessPointArgs>, { must }) => {
      must(
        point.at("rootDirectory", "path").or("/"),
        fit("be a folder below the root", (path = "/") => path !== "/" && path !== ""),
      );
      must(point.at("posixUser"), beSet("name a user"));
    },
  },
});
