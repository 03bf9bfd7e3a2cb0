import rule from "../../../../policies/rules/messaging/queue-waits-for-function.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const QUEUE = "aws:sqs/queue:Queue";
const FUNCTION = "aws:lambda/function:Function";
const works: FixtureResource = [
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  { eventSourceArn: ref("jobs", "arn"), functionName: ref("worker", "arn") },
];

export default casesOf(rule, {
  passes: {
    "six times the time of the function": {
      given: { jobs: [QUEUE, { visibilityTimeoutSeconds: 60 }], worker: [FUNCTION, { timeout: 10 }], works },
    },
    "six times, and the window in which a batch is gathered": {
      given: {
        jobs: [QUEUE, { visibilityTimeoutSeconds: 65 }],
        worker: [FUNCTION, { timeout: 10 }],
        works: [works[0], { ...works[1], maximumBatchingWindowInSeconds: 5 }],
      },
    },
    "a queue that says nothing, and a function that says nothing": {
      given: { jobs: [QUEUE, {}], worker: [FUNCTION, {}], works },
    },
    "a queue without a function": {
      given: { jobs: [QUEUE, { visibilityTimeoutSeconds: 1 }] },
      cannotBreak: "nothing works on it here",
    },
  },
  fails: {
    "as long as the function": {
      given: { jobs: [QUEUE, { visibilityTimeoutSeconds: 10 }], worker: [FUNCTION, { timeout: 10 }], works },
      says: "jobs: visibilityTimeoutSeconds is 10; it must be at least 60 seconds.",
    },
    "a queue that says nothing, which means half a minute": {
      given: { jobs: [QUEUE, {}], worker: [FUNCTION, { timeout: 6 }], works },
      says: "jobs: visibilityTimeoutSeconds is nothing, which means 30; it must be at least 36 seconds.",
    },
  },
  unknown: {
    "a time that is decided later": {
      given: { jobs: [QUEUE, { visibilityTimeoutSeconds: UNKNOWN }], worker: [FUNCTION, {}], works },
      open: "jobs: visibilityTimeoutSeconds",
    },
    "a time of the function that is decided later": {
      given: { jobs: [QUEUE, {}], worker: [FUNCTION, { timeout: UNKNOWN }], works },
      open: "jobs: worker.timeout",
    },
    "a source that is not known": {
      given: { jobs: [QUEUE, {}], works: [works[0], { eventSourceArn: UNKNOWN, functionName: "worker" }] },
      open: "jobs: works.eventSourceArn",
    },
  },
  survives: {
    "worker: left out": "a function of another stack is not known here",
    "works: left out": "nothing works on the queue here",
    "works: *: left out": "the mapping is of another queue or another function, or gathers no batch",
    "worker: timeout: left out": "the function then has three seconds",
  },
});
