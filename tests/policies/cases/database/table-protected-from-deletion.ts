import rule from "../../../../policies/rules/database/table-protected-from-deletion.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

const TABLE = "aws:dynamodb/table:Table";

export default casesOf(rule, {
  ...onCases(TABLE, "a table", "deletionProtectionEnabled"),
  skips: {
    "a table of a sandbox": { given: [TABLE, {}], stack: "sandbox", because: 'the data of stack "sandbox" may be lost' },
  },
});
