import rule from "../../../../policies/rules/database/table-recoverable.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

export default casesOf(rule, onCases("aws:dynamodb/table:Table", "a table", "pointInTimeRecovery.enabled"));
