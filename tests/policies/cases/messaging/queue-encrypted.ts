import rule from "../../../../policies/rules/messaging/queue-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const QUEUE = "aws:sqs/queue:Queue";
const BY_ITSELF = "SQS encrypts a queue that says nothing of it";

export default casesOf(rule, {
  passes: {
    "a queue with SQS's own key": { given: [QUEUE, { sqsManagedSseEnabled: true }] },
    "a queue with a key of one's own": {
      given: [QUEUE, { sqsManagedSseEnabled: false, kmsMasterKeyId: "alias/shop" }],
    },
    "a queue that says nothing, which SQS encrypts": { given: [QUEUE, {}] },
    "a key of one's own that is made later": { given: [QUEUE, { kmsMasterKeyId: UNKNOWN }] },
  },
  fails: {
    "a queue that is not encrypted": {
      given: [QUEUE, { sqsManagedSseEnabled: false }],
      says: "sqsManagedSseEnabled is false and kmsMasterKeyId is nothing; one of them must encrypt the queue.",
    },
    "a queue that is not encrypted, with an empty key": {
      given: [QUEUE, { sqsManagedSseEnabled: false, kmsMasterKeyId: "" }],
      says: "sqsManagedSseEnabled is false and kmsMasterKeyId is nothing; one of them must encrypt the queue.",
    },
  },
  unknown: {
    "a queue of which it is decided later": { given: [QUEUE, { sqsManagedSseEnabled: UNKNOWN }], open: "sqsManagedSseEnabled" },
    "a key that may be none": {
      given: [QUEUE, { sqsManagedSseEnabled: false, kmsMasterKeyId: UNKNOWN }],
      open: "kmsMasterKeyId",
    },
  },
  survives: {
    "sqsManagedSseEnabled: left out": BY_ITSELF,
    "sqsManagedSseEnabled: flipped": "a key of one's own beside it encrypts the queue",
    "kmsMasterKeyId: left out": BY_ITSELF,
    "kmsMasterKeyId: another text": "another key encrypts as well",
  },
});
