import rule from "../../../../policies/rules/messaging/broker-not-public.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { at, offCases } from "../../support/switches.ts";

const KAFKA = "aws:msk/cluster:Cluster";
const PATH = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type";
const ofBroker = offCases("aws:mq/broker:Broker", "a broker", "publiclyAccessible");

export default casesOf(rule, {
  passes: {
    ...ofBroker.passes,
    "a Kafka cluster without public addresses": { given: [KAFKA, at(PATH, "DISABLED")] },
    "a Kafka cluster that says nothing of them": { given: [KAFKA, {}] },
  },
  fails: {
    ...ofBroker.fails,
    "a Kafka cluster with public addresses": {
      given: [KAFKA, at(PATH, "SERVICE_PROVIDED_EIPS")],
      says: `${PATH} is "SERVICE_PROVIDED_EIPS"; it must not be "SERVICE_PROVIDED_EIPS".`,
    },
  },
  unknown: {
    ...ofBroker.unknown,
    "a Kafka cluster of which it is decided later": { given: [KAFKA, at(PATH, UNKNOWN)], open: PATH },
  },
  survives: { ...ofBroker.survives, "brokerNodeGroupInfo*": "without that very word the addresses are private" },
});
