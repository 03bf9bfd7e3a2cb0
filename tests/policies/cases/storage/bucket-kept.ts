import rule from "../../../../policies/rules/storage/bucket-kept.ts";
import { BUCKET, withOlderName } from "../../support/buckets.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

export default casesOf(
  rule,
  withOlderName({
    passes: {
      "a bucket that is kept": { given: [BUCKET, { forceDestroy: false }] },
      "a bucket that says nothing of it": { given: [BUCKET, {}] },
    },
    fails: {
      "a bucket that goes with all that is in it": {
        given: [BUCKET, { forceDestroy: true }],
        says: "forceDestroy is true; it must be false.",
      },
    },
    unknown: { "a bucket of which it is decided later": { given: [BUCKET, { forceDestroy: UNKNOWN }], open: "forceDestroy" } },
    skips: {
      "the sandbox": {
        given: [BUCKET, { forceDestroy: true }],
        stack: "sandbox",
        because: 'the data of stack "sandbox" may be lost',
      },
    },
    survives: { "forceDestroy: left out": "a bucket is kept unless it is told otherwise" },
  }),
);
