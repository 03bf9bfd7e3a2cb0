import type { FileSystemArgs } from "@pulumi/aws/efs/fileSystem.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "file-system-encrypted",
  title: "A shared file system is encrypted at rest",
  severity: "high",
  description: "Encryption cannot be switched on later: a file system without it has to be copied file by file.",
  remediation: "Set encrypted to true, with a kmsKeyId of your own.",
  controls: { fsbp: ["EFS.1", "EFS.8"], cisAws3: ["2.4.1"], cisAws5: ["2.3.1"], pci4: ["3.5.1"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:efs/fileSystem:FileSystem": (files: Resource<FileSystemArgs>, { must }) => must(files.at("encrypted"), beTrue),
  },
});
