import rule from "../../../../policies/rules/messaging/broker-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const BROKER = "aws:mq/broker:Broker";

export default casesOf(rule, {
  passes: {
    "ActiveMQ with both of its logs": { given: [BROKER, { engineType: "ActiveMQ", logs: { general: true, audit: true } }] },
    "RabbitMQ with the only log that it has": { given: [BROKER, { engineType: "RabbitMQ", logs: { general: true } }] },
  },
  fails: {
    "ActiveMQ without the log of who did what": {
      given: [BROKER, { engineType: "ActiveMQ", logs: { general: true, audit: false } }],
      says: "logs.audit is false; it must be true.",
    },
    "RabbitMQ that says nothing of logs": {
      given: [BROKER, { engineType: "RabbitMQ" }],
      says: "logs.general is nothing; it must be true.",
    },
  },
  unknown: {
    "a log of which it is decided later": {
      given: [BROKER, { engineType: "ActiveMQ", logs: { general: UNKNOWN } }],
      open: "logs.general",
      says: "logs.audit is nothing; it must be true.",
    },
    "an engine that is chosen later": { given: [BROKER, { engineType: UNKNOWN, logs: { general: true } }], open: "engineType" },
  },
  survives: {
    "engineType: left out": "Amazon MQ refuses a broker without an engine",
    "engineType: empty": "Amazon MQ refuses a broker without an engine",
    "engineType: another text": "Amazon MQ refuses an engine that it does not have",
  },
});
