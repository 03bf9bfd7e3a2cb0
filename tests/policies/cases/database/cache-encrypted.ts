import rule from "../../../../policies/rules/database/cache-encrypted.ts";
import { exceptGlobalMembers, GROUP } from "../../support/caches.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

export default casesOf(rule, exceptGlobalMembers(onCases(GROUP, "a group", "atRestEncryptionEnabled")));
