import rule from "../../../../policies/rules/delivery/load-balancer-http-redirected.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";
import { LISTENER, withOtherName } from "../../support/load-balancers.ts";

const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
const forward = { type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/1" };

export default casesOf(
  rule,
  withOtherName({
    passes: {
      "a listener that only shows the way": { given: [LISTENER, { port: 80, protocol: "HTTP", defaultActions: [redirect] }] },
      "a listener for HTTPS": {
        given: [LISTENER, { protocol: "HTTPS", defaultActions: [forward] }],
        cannotBreak: "what HTTPS is answered with is not the subject",
      },
      "a listener for appliances, which has no protocol": {
        given: [LISTENER, { defaultActions: [forward] }],
        cannotBreak: "it is of no web",
      },
    },
    fails: {
      "a listener that answers": {
        given: [LISTENER, { port: 80, protocol: "HTTP", defaultActions: [forward] }],
        says: 'defaultActions[0].type is "forward"; it must be "redirect".',
      },
      "a listener that says nothing of its protocol, which means HTTP": {
        given: [LISTENER, { port: 80, defaultActions: [forward] }],
        says: 'defaultActions[0].type is "forward"; it must be "redirect".',
      },
      "a listener that shows the way to plain HTTP": {
        given: [
          LISTENER,
          { port: 80, protocol: "HTTP", defaultActions: [{ type: "redirect", redirect: { host: "shop.example.com" } }] },
        ],
        says: 'defaultActions[0].redirect.protocol is nothing, which means "#{protocol}"; it must be "HTTPS".',
      },
    },
    unknown: {
      "an action that is not known": {
        given: [LISTENER, { protocol: "HTTP", defaultActions: [{ type: UNKNOWN }] }],
        open: "defaultActions[0].type",
      },
      "a protocol that is chosen later": {
        given: [LISTENER, { protocol: UNKNOWN, defaultActions: [forward] }],
        open: "protocol",
      },
    },
    survives: {
      "port: *": "the port says nothing of the protocol, where that is named",
      "protocol: left out": "what shows the way may be asked by any protocol",
      "protocol: empty": "AWS refuses a protocol that it does not have",
      "protocol: another text": "AWS refuses a protocol that it does not have",
      "defaultActions: left out": "AWS refuses a listener without an action",
      "defaultActions: empty": "AWS refuses a listener without an action",
      "defaultActions[0]: left out": "AWS refuses a listener without an action",
      "defaultActions[0].redirect.port: *": "where to is the project's own to know",
      "defaultActions[0].redirect.statusCode: *": "a way for today is a way as well",
    },
  }),
);
