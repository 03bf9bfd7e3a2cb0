import { Queue } from "@pulumi/aws/sqs/queue.js";

/** "Encryption is on by default, is it not?" It was switched off to save calls to KMS. */
new Queue("orders", { sqsManagedSseEnabled: false });
