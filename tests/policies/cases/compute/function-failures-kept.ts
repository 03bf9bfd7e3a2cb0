import rule from "../../../../policies/rules/compute/function-failures-kept.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const FUNCTION = "aws:lambda/function:Function";
const INVOKE = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";
const mayRun = (principal: unknown): FixtureResource => [
  "aws:lambda/permission:Permission",
  { function: ref("worker", "name"), principal },
];
const events = mayRun("s3.amazonaws.com");
const says = "worker: events that fail go nowhere; the function must have a deadLetterConfig or a destination on failure.";

export default casesOf(rule, {
  passes: {
    "a function with a dead-letter queue": {
      given: { worker: [FUNCTION, { deadLetterConfig: { targetArn: UNKNOWN } }], may: events },
    },
    "a function with a destination for what fails": {
      given: {
        worker: [FUNCTION, {}],
        may: events,
        failures: [INVOKE, { functionName: ref("worker", "name"), destinationConfig: { onFailure: { destination: UNKNOWN } } }],
      },
    },
    "a function behind an API, which hears of failures itself": {
      given: { worker: [FUNCTION, {}], may: mayRun("apigateway.amazonaws.com") },
    },
  },
  fails: {
    "a function that drops what it cannot handle": { given: { worker: [FUNCTION, {}], may: events }, says },
    "a function with a destination for what succeeds": {
      given: {
        worker: [FUNCTION, {}],
        may: mayRun("events.amazonaws.com"),
        done: [INVOKE, { functionName: ref("worker", "name"), destinationConfig: { onSuccess: { destination: UNKNOWN } } }],
      },
      says,
    },
  },
  unknown: {
    "a sender that is not known": { given: { worker: [FUNCTION, {}], may: mayRun(UNKNOWN) }, open: "worker: may.principal" },
  },
  survives: {
    "may: *": "nothing is sent to the function without waiting for an answer",
  },
});
