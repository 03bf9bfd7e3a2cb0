import rule from "../../../../policies/rules/messaging/broker-tls.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const KAFKA = "aws:msk/cluster:Cluster";
const transit = (encryptionInTransit: unknown) => ({ encryptionInfo: { encryptionInTransit } });
const BY_ITSELF = "both are on when nothing is said";

export default casesOf(rule, {
  passes: {
    "a cluster with TLS": { given: [KAFKA, transit({ clientBroker: "TLS", inCluster: true })] },
    "a cluster that says nothing, which is with TLS": { given: [KAFKA, {}] },
  },
  fails: {
    "clients that may leave TLS out": {
      given: [KAFKA, transit({ clientBroker: "TLS_PLAINTEXT", inCluster: true })],
      says: 'encryptionInfo.encryptionInTransit.clientBroker is "TLS_PLAINTEXT"; it must be "TLS".',
    },
    "brokers that speak among themselves without TLS": {
      given: [KAFKA, transit({ inCluster: false })],
      says: "encryptionInfo.encryptionInTransit.inCluster is false; it must be true.",
    },
  },
  unknown: {
    "clients of which it is decided later": {
      given: [KAFKA, transit({ clientBroker: UNKNOWN, inCluster: false })],
      open: "encryptionInfo.encryptionInTransit.clientBroker",
      says: "encryptionInfo.encryptionInTransit.inCluster is false; it must be true.",
    },
  },
  survives: {
    "*: left out": BY_ITSELF,
    "encryptionInfo: empty": BY_ITSELF,
    "encryptionInfo.encryptionInTransit: empty": BY_ITSELF,
  },
});
