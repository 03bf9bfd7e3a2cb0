import rule from "../../../../policies/rules/messaging/dead-letters-kept-longer.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const QUEUE = "aws:sqs/queue:Queue";
const REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy";
const jobs = { redrivePolicy: ref("failed", "arn") };

export default casesOf(rule, {
  passes: {
    "fourteen days after four": {
      given: { jobs: [QUEUE, jobs], failed: [QUEUE, { messageRetentionSeconds: 1_209_600 }] },
    },
    "a day after an hour": {
      given: { jobs: [QUEUE, { ...jobs, messageRetentionSeconds: 3600 }], failed: [QUEUE, { messageRetentionSeconds: 86_400 }] },
    },
    "fourteen days after fourteen, as there is no more": {
      given: {
        jobs: [QUEUE, { ...jobs, messageRetentionSeconds: 1_209_600 }],
        failed: [QUEUE, { messageRetentionSeconds: 1_209_600 }],
      },
    },
    "a FIFO queue, in which the age begins anew": {
      given: {
        jobs: [QUEUE, { ...jobs, fifoQueue: true }],
        failed: [QUEUE, { fifoQueue: true }],
      },
    },
    "a queue that keeps nothing for others": {
      given: { jobs: [QUEUE, { messageRetentionSeconds: 60 }] },
      cannotBreak: "it is no dead-letter queue",
    },
  },
  fails: {
    "four days after four": {
      given: { jobs: [QUEUE, jobs], failed: [QUEUE, {}] },
      says: "failed: messageRetentionSeconds is nothing, which means 345600; it must be more than the 345600 seconds of jobs.",
    },
    "an hour after a day, with a redrive policy of its own": {
      given: {
        jobs: [QUEUE, { messageRetentionSeconds: 86_400 }],
        failed: [QUEUE, { messageRetentionSeconds: 3600 }],
        aside: [REDRIVE, { queueUrl: ref("jobs"), redrivePolicy: ref("failed", "arn") }],
      },
      says: "failed: messageRetentionSeconds is 3600; it must be more than the 86400 seconds of jobs.",
    },
  },
  unknown: {
    "a time that is decided later": {
      given: { jobs: [QUEUE, jobs], failed: [QUEUE, { messageRetentionSeconds: UNKNOWN }] },
      open: "failed: messageRetentionSeconds",
    },
    "a time of the first queue that is decided later": {
      given: { jobs: [QUEUE, { ...jobs, messageRetentionSeconds: UNKNOWN }], failed: [QUEUE, { messageRetentionSeconds: 3600 }] },
      open: "failed: jobs.messageRetentionSeconds",
    },
  },
  survives: {
    "*: redrivePolicy: left out": "nothing comes into the other queue",
    "jobs: messageRetentionSeconds: *": "the longest that there is, is enough",
    "failed: messageRetentionSeconds: left out": "four days are more than an hour",
    "jobs: redrivePolicy: unknown": "in a FIFO queue the age begins anew, whatever comes into it",
    "jobs: fifoQueue: *": "SQS refuses a queue and a dead-letter queue of two kinds",
  },
});
