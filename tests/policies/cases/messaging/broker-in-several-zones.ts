import rule from "../../../../policies/rules/messaging/broker-in-several-zones.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const BROKER = "aws:mq/broker:Broker";

export default casesOf(rule, {
  passes: {
    "ActiveMQ with a standby": { given: [BROKER, { deploymentMode: "ACTIVE_STANDBY_MULTI_AZ" }] },
    "RabbitMQ as a cluster": { given: [BROKER, { deploymentMode: "CLUSTER_MULTI_AZ" }] },
  },
  fails: {
    "a single instance": {
      given: [BROKER, { deploymentMode: "SINGLE_INSTANCE" }],
      says: 'deploymentMode is "SINGLE_INSTANCE"; it must be one of "ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ".',
    },
    "a broker that says nothing of it": {
      given: [BROKER, {}],
      says: 'deploymentMode is nothing, which means "SINGLE_INSTANCE"; it must be one of "ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ".',
    },
  },
  unknown: { "a mode that is chosen later": { given: [BROKER, { deploymentMode: UNKNOWN }], open: "deploymentMode" } },
});
