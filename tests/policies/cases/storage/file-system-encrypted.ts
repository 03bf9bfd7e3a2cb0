import rule from "../../../../policies/rules/storage/file-system-encrypted.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

export default casesOf(rule, onCases("aws:efs/fileSystem:FileSystem", "a file system", "encrypted"));
