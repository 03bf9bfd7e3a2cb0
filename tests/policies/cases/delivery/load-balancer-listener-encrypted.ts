import rule from "../../../../policies/rules/delivery/load-balancer-listener-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { LISTENER, withOtherName } from "../../support/load-balancers.ts";

const CLASSIC = "aws:elb/loadBalancer:LoadBalancer";
const wanted = 'it must be one of "HTTPS", "TLS".';
const forward = { type: "forward" };

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "a listener for HTTPS": { given: [LISTENER, { port: 443, protocol: "HTTPS" }] },
      "a listener for TLS": { given: [LISTENER, { port: 5432, protocol: "TLS" }] },
      "a listener that only shows the way to HTTPS": {
        given: [LISTENER, { protocol: "HTTP", defaultActions: [{ type: "redirect" }] }],
      },
      "a listener for appliances, which has no protocol": { given: [LISTENER, {}] },
      "a classic load balancer for HTTPS": { given: [CLASSIC, { listeners: [{ lbProtocol: "https" }] }] },
    },
    fails: {
      "a listener for TCP": {
        given: [LISTENER, { port: 5432, protocol: "TCP" }],
        says: `protocol is "TCP"; ${wanted}`,
      },
      "a listener that answers plain HTTP": {
        given: [LISTENER, { port: 80, defaultActions: [forward] }],
        says: `protocol is nothing, which means "HTTP"; ${wanted}`,
      },
      "a classic load balancer for HTTP beside HTTPS": {
        given: [CLASSIC, { listeners: [{ lbProtocol: "https" }, { lbProtocol: "http" }] }],
        says: 'listeners[1].lbProtocol is "http"; it must be one of "HTTPS", "SSL", "https", "ssl".',
      },
    },
    unknown: {
      "a protocol that is chosen later": { given: [LISTENER, { port: 443, protocol: UNKNOWN }], open: "protocol" },
      "an action that is not known": {
        given: [LISTENER, { protocol: "HTTP", defaultActions: UNKNOWN }],
        open: "defaultActions",
      },
    },
    survives: {
      "port: *": "the port says nothing of the protocol, where that is named",
      "protocol: left out": "what shows the way may be asked by any protocol",
      "defaultActions: *": "AWS refuses a listener without an action",
      "defaultActions[0]: left out": "AWS refuses a listener without an action",
      "listeners: left out": "AWS refuses a load balancer that listens to nothing",
      "listeners: empty": "AWS refuses a load balancer that listens to nothing",
      "listeners[0]: left out": "AWS refuses a load balancer that listens to nothing",
    },
  }),
);
