import rule from "../../../../policies/rules/database/search-access-controlled.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

export default casesOf(rule, onCases("aws:opensearch/domain:Domain", "a domain", "advancedSecurityOptions.enabled"));
