import rule from "../../../../policies/rules/compute/service-rolls-back.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SERVICE = "aws:ecs/service:Service";

export default casesOf(rule, {
  passes: {
    "a service that takes back what fails": { given: [SERVICE, { deploymentCircuitBreaker: { enable: true, rollback: true } }] },
    "a service that CodeDeploy deploys": {
      given: [SERVICE, { deploymentController: { type: "CODE_DEPLOY" } }],
    },
  },
  fails: {
    "a service that says nothing of it": {
      given: [SERVICE, {}],
      says: [
        "deploymentCircuitBreaker.enable is nothing; it must be true.",
        "deploymentCircuitBreaker.rollback is nothing; it must be true.",
      ],
    },
    "a service that stops and takes nothing back": {
      given: [SERVICE, { deploymentController: { type: "ECS" }, deploymentCircuitBreaker: { enable: true, rollback: false } }],
      says: "deploymentCircuitBreaker.rollback is false; it must be true.",
    },
  },
  unknown: {
    "a controller that is chosen later": {
      given: [SERVICE, { deploymentController: { type: UNKNOWN } }],
      open: "deploymentController.type",
    },
    "a switch that is decided later": {
      given: [SERVICE, { deploymentCircuitBreaker: { enable: UNKNOWN, rollback: true } }],
      open: "deploymentCircuitBreaker.enable",
    },
  },
  survives: { "deploymentController.type: *": "any other controller than ECS has ways of its own" },
});
