import rule from "../../../../policies/rules/messaging/broker-clients-known.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const KAFKA = "aws:msk/cluster:Cluster";
const of = (clientAuthentication: object): readonly [string, Record<string, unknown>] => [KAFKA, { clientAuthentication }];
const noWay = "clientAuthentication names no way to know a client; it must turn on sasl.iam, sasl.scram or tls.";

export default casesOf(rule, {
  passes: {
    "clients with a role": { given: of({ sasl: { iam: true } }) },
    "clients with a password": { given: of({ sasl: { scram: true }, unauthenticated: false }) },
    "clients with a certificate": {
      given: of({ tls: { certificateAuthorityArns: ["arn:aws:acm-pca:eu-central-1:1:certificate-authority/1"] } }),
    },
  },
  fails: {
    "a cluster that says nothing of its clients": { given: [KAFKA, {}], says: noWay },
    "clients with a role beside any others": {
      given: of({ sasl: { iam: true }, unauthenticated: true }),
      says: "clientAuthentication.unauthenticated is true; it must be false.",
    },
    "any clients": {
      given: of({ unauthenticated: true }),
      says: ["clientAuthentication.unauthenticated is true; it must be false.", noWay],
    },
  },
  unknown: {
    "a way that is decided later": { given: of({ sasl: { iam: UNKNOWN } }), open: "clientAuthentication.sasl.iam" },
    "clients of which nothing is known": { given: [KAFKA, { clientAuthentication: UNKNOWN }], open: "clientAuthentication" },
  },
  survives: {
    "clientAuthentication.unauthenticated: left out": "a switch that is left out is off",
    "clientAuthentication.tls.certificateAuthorityArns[0]: *": "another authority, or one that is not known, is one as well",
  },
});
