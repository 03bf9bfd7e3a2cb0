import type { BackupPolicyArgs } from "@pulumi/aws/efs/backupPolicy.js";
import type { FileSystemArgs } from "@pulumi/aws/efs/fileSystem.js";
import { be } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "file-system-backed-up",
  title: "A shared file system is backed up every day",
  severity: "high",
  description: "One command on one server deletes the files of all of them.",
  remediation: 'Add an aws.efs.BackupPolicy with backupPolicy.status "ENABLED".',
  controls: { fsbp: ["EFS.7"], wellArchitected: ["REL09"] },
  inStack: {
    "aws:efs/fileSystem:FileSystem": (files: Resource<FileSystemArgs>, { fail, must }, stack) => {
      const [policy] = stack.linked<BackupPolicyArgs>("aws:efs/backupPolicy:BackupPolicy", "fileSystemId", files);
      if (policy === undefined) fail(files, "the file system has no BackupPolicy", "it must have one");
      else must(policy.named.at("backupPolicy", "status"), be("ENABLED"));
    },
  },
});
