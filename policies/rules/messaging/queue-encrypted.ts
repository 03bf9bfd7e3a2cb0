import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "queue-encrypted",
  title: "A queue is encrypted at rest",
  severity: "medium",
  description: "Messages wait on disks for up to fourteen days. Unencrypted, whoever gets hold of a disk reads them.",
  remediation: "Leave sqsManagedSseEnabled out, which means SQS's own key, or name a key of yours in kmsMasterKeyId.",
  controls: { fsbp: ["SQS.1"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:sqs/queue:Queue": (queue: Resource<QueueArgs>, { fail }) => {
      // SQS encrypts a queue that says nothing of it (SQS Developer Guide, "Encryption at rest").
      const own = queue.at("sqsManagedSseEnabled");
      if (own.value !== false || queue.at("kmsMasterKeyId").isSet) return;
      fail(own, "sqsManagedSseEnabled is false and kmsMasterKeyId is nothing", "one of them must encrypt the queue");
    },
  },
});
