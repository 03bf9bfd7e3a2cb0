import rule from "../../../../policies/rules/messaging/queue-has-dead-letters.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const QUEUE = "aws:sqs/queue:Queue";
const REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy";
const jobs = { redrivePolicy: ref("failed", "arn") };
const says = "jobs: the queue has no redrivePolicy, and no other has it as its dead-letter queue; it must have one.";

export default casesOf(rule, {
  passes: {
    "a queue, and another for what fails": { given: { jobs: [QUEUE, jobs], failed: [QUEUE, {}] } },
    "a queue whose redrive policy is a resource of its own": {
      given: {
        jobs: [QUEUE, {}],
        failed: [QUEUE, {}],
        aside: [REDRIVE, { queueUrl: ref("jobs"), redrivePolicy: ref("failed", "arn") }],
      },
    },
    "a queue with one of another stack": {
      given: {
        jobs: [QUEUE, { redrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:1:failed","maxReceiveCount":5}' }],
      },
    },
    "a queue for what others may set aside": {
      given: { failed: [QUEUE, { redriveAllowPolicy: '{"redrivePermission":"allowAll"}' }] },
    },
    "a queue for what a function cannot work off": {
      given: {
        failed: [QUEUE, {}],
        mail: ["aws:lambda/function:Function", { deadLetterConfig: { targetArn: ref("failed", "arn") } }],
      },
    },
    "a queue for what cannot be delivered": {
      given: {
        failed: [QUEUE, {}],
        target: ["aws:cloudwatch/eventTarget:EventTarget", { deadLetterConfig: { arn: ref("failed", "arn") } }],
      },
    },
  },
  fails: {
    "a queue by itself": { given: { jobs: [QUEUE, {}] }, says },
    "a queue with an empty redrive policy": { given: { jobs: [QUEUE, { redrivePolicy: "" }] }, says },
    "a queue beside the dead-letter queue of another": {
      given: { jobs: [QUEUE, {}], mail: [QUEUE, { redrivePolicy: ref("failed", "arn") }], failed: [QUEUE, {}] },
      says,
    },
  },
  unknown: {
    "a redrive policy that may be none": { given: { jobs: [QUEUE, { redrivePolicy: UNKNOWN }] }, open: "jobs: redrivePolicy" },
    "a redrive policy of which nobody knows whose it is": {
      given: { jobs: [QUEUE, {}], aside: [REDRIVE, { queueUrl: UNKNOWN, redrivePolicy: ref("failed", "arn") }] },
      open: "jobs: aside.queueUrl",
    },
  },
  survives: {
    "jobs: redrivePolicy: another text": "SQS refuses what is no redrive policy",
    "failed: redriveAllowPolicy: another text": "SQS refuses what is no such policy",
  },
});
