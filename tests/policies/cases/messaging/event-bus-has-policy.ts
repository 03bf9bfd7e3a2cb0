import rule from "../../../../policies/rules/messaging/event-bus-has-policy.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const BUS = "aws:cloudwatch/eventBus:EventBus";
const POLICY = "aws:cloudwatch/eventBusPolicy:EventBusPolicy";

export default casesOf(rule, {
  passes: {
    "a bus with a policy": {
      given: { orders: [BUS, {}], who: [POLICY, { eventBusName: ref("orders", "name"), policy: '{"Statement":[]}' }] },
    },
    "a bus with a permission": {
      given: {
        orders: [BUS, { name: "orders" }],
        who: ["aws:cloudwatch/eventPermission:EventPermission", { eventBusName: "orders" }],
      },
    },
  },
  fails: {
    "a bus without one": { given: { orders: [BUS, {}] }, says: "orders: the bus has no EventBusPolicy; it must have one." },
    "a bus beside the policy of another": {
      given: { orders: [BUS, { name: "orders" }], who: [POLICY, { eventBusName: "mails" }] },
      says: "orders: the bus has no EventBusPolicy; it must have one.",
    },
  },
  unknown: {
    "a policy of which nobody knows whose it is": {
      given: { orders: [BUS, {}], who: [POLICY, { eventBusName: UNKNOWN }] },
      open: "orders: who.eventBusName",
    },
  },
  survives: { "who: policy: *": "what the policy says is another rule's subject" },
});
