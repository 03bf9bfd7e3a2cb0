import rule from "../../../../policies/rules/observability/queue-has-alarms.ts";
import { alarm, alarmedCases } from "../../support/alarms.ts";
import { casesOf, ref } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";

const QUEUE = "aws:sqs/queue:Queue";
const AGE = "ApproximateAgeOfOldestMessage";
const failed = { shop: [QUEUE, { redrivePolicy: ref("failed", "arn") }], failed: [QUEUE, {}] } as const;

export default casesOf(
  rule,
  together(alarmedCases(QUEUE, "a queue", { dimension: "QueueName", metrics: [AGE], name: "name" }), {
    passes: {
      "a dead-letter queue with an alarm on what is in it": {
        given: {
          ...failed,
          late: alarm(AGE, { QueueName: ref("shop", "name") }),
          any: alarm("ApproximateNumberOfMessagesVisible", { QueueName: ref("failed", "name") }),
        },
      },
    },
    fails: {
      "a dead-letter queue that nobody watches": {
        given: { ...failed, late: alarm(AGE, { QueueName: ref("shop", "name") }) },
        says: "failed: no alarm watches ApproximateNumberOfMessagesVisible of the dead-letter queue; an aws.cloudwatch.MetricAlarm must.",
      },
    },
    unknown: {},
  }),
);
