import rule from "../../../../policies/rules/messaging/stream-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

const STREAM = "aws:kinesis/stream:Stream";
const DELIVERY = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const ofDelivery = onCases(DELIVERY, "a delivery stream", "serverSideEncryption.enabled");
const BY_SOURCE = "a stream of another source is encrypted there as well";

export default casesOf(rule, {
  passes: {
    "a stream with a key": { given: [STREAM, { encryptionType: "KMS" }] },
    ...ofDelivery.passes,
    "a delivery stream of what another stream encrypts": {
      given: [DELIVERY, { kinesisSourceConfiguration: { kinesisStreamArn: "arn:aws:kinesis:eu-central-1:1:stream/orders" } }],
    },
    "a delivery stream of what a Kafka cluster encrypts": {
      given: [DELIVERY, { mskSourceConfiguration: { mskClusterArn: "arn:aws:kafka:eu-central-1:1:cluster/orders" } }],
    },
  },
  fails: {
    "a stream without encryption": {
      given: [STREAM, { encryptionType: "NONE" }],
      says: 'encryptionType is "NONE"; it must be "KMS".',
    },
    "a stream that says nothing of it": { given: [STREAM, {}], says: 'encryptionType is nothing; it must be "KMS".' },
    ...ofDelivery.fails,
  },
  unknown: {
    "a stream of which it is decided later": { given: [STREAM, { encryptionType: UNKNOWN }], open: "encryptionType" },
    ...ofDelivery.unknown,
    "a delivery stream whose source is not known": {
      given: [DELIVERY, { kinesisSourceConfiguration: UNKNOWN }],
      open: "kinesisSourceConfiguration",
    },
  },
  survives: { "*SourceConfiguration.*": BY_SOURCE },
});
