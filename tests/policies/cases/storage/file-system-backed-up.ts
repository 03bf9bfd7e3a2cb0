import rule from "../../../../policies/rules/storage/file-system-backed-up.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const FILES = "aws:efs/fileSystem:FileSystem";
const policy = (status: unknown, fileSystemId: unknown = ref("files")): FixtureResource => [
  "aws:efs/backupPolicy:BackupPolicy",
  { fileSystemId, backupPolicy: { status } },
];

export default casesOf(rule, {
  passes: { "a file system with backups": { given: { files: [FILES, {}], daily: policy("ENABLED") } } },
  fails: {
    "a file system without a policy": {
      given: { files: [FILES, {}] },
      says: "files: the file system has no BackupPolicy; it must have one.",
    },
    "a file system with backups off": {
      given: { files: [FILES, {}], daily: policy("DISABLED") },
      says: 'files: daily.backupPolicy.status is "DISABLED"; it must be "ENABLED".',
    },
    "a file system beside the policy of another": {
      given: { files: [FILES, {}], daily: policy("ENABLED", "fs-1") },
      says: "files: the file system has no BackupPolicy; it must have one.",
    },
  },
  unknown: {
    "a policy of which nobody knows whose it is": {
      given: { files: [FILES, {}], daily: policy("ENABLED", UNKNOWN) },
      open: "files: daily.fileSystemId",
    },
    "a switch that is decided later": {
      given: { files: [FILES, {}], daily: policy(UNKNOWN) },
      open: "files: daily.backupPolicy.status",
    },
  },
});
