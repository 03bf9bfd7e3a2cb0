import rule from "../../../../policies/rules/detection/log-own-key.ts";
import { casesOf, ref } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";
import { setCases } from "../../support/values.ts";

const LOGS = "aws:cloudwatch/logGroup:LogGroup";

export default casesOf(
  rule,
  together(setCases(LOGS, "a log group", "kmsKeyId", { value: "arn:aws:kms:eu-central-1:1:key/1", wanted: "name a key" }), {
    passes: {
      "a key that is made in the same program": {
        given: { key: ["aws:kms/key:Key", {}], logs: [LOGS, { kmsKeyId: ref("key", "arn") }] },
        cannotBreak: "the first case shows what happens without the key",
      },
    },
    fails: {},
    unknown: {},
  }),
);
