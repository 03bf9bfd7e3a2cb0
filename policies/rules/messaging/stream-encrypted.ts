import type { FirehoseDeliveryStreamArgs } from "@pulumi/aws/kinesis/firehoseDeliveryStream.js";
import type { StreamArgs } from "@pulumi/aws/kinesis/stream.js";
import { be, beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "stream-encrypted",
  title: "A stream is encrypted at rest",
  severity: "medium",
  description: "Records stay in a stream for up to a year. Unencrypted, whoever gets hold of a disk reads them.",
  remediation:
    'Set encryptionType to "KMS" and name a key in kmsKeyId; of a delivery stream, set serverSideEncryption.enabled to true.',
  controls: { fsbp: ["Kinesis.1", "DataFirehose.1"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:kinesis/stream:Stream": (stream: Resource<StreamArgs>, { must }) => must(stream.at("encryptionType"), be("KMS")),
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (stream: Resource<FirehoseDeliveryStreamArgs>, { must }) => {
      // What comes from a stream is encrypted there; Firehose then refuses an encryption of its own.
      if (stream.at("kinesisSourceConfiguration").isSet || stream.at("mskSourceConfiguration").isSet) return;
      must(stream.at("serverSideEncryption", "enabled"), beTrue);
    },
  },
});
