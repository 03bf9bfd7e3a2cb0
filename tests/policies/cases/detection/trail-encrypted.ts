import rule from "../../../../policies/rules/detection/trail-encrypted.ts";
import { casesOf, ref } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";
import { setCases } from "../../support/values.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";

export default casesOf(
  rule,
  together(setCases(TRAIL, "a trail", "kmsKeyId", { value: "alias/trail", wanted: "name a key" }), {
    passes: {
      "a key that is made in the same program": {
        given: { key: ["aws:kms/key:Key", {}], trail: [TRAIL, { kmsKeyId: ref("key", "arn") }] },
        cannotBreak: "the first case shows what happens without the key",
      },
    },
    fails: {},
    unknown: {},
  }),
);
