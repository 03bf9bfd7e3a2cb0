import rule from "../../../../policies/rules/messaging/topic-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const TOPIC = "aws:sns/topic:Topic";

export default casesOf(rule, {
  passes: { "a topic with a key": { given: [TOPIC, { kmsMasterKeyId: "alias/shop" }] } },
  fails: {
    "a topic without a key": { given: [TOPIC, {}], says: "kmsMasterKeyId is nothing; it must name a key." },
    "a topic with an empty key": {
      given: [TOPIC, { kmsMasterKeyId: "" }],
      says: 'kmsMasterKeyId is ""; it must name a key.',
    },
  },
  unknown: { "a key that is made later": { given: [TOPIC, { kmsMasterKeyId: UNKNOWN }], open: "kmsMasterKeyId" } },
  survives: { "kmsMasterKeyId: another text": "another key encrypts as well" },
});
