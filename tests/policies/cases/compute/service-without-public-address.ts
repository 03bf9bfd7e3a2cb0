import rule from "../../../../policies/rules/compute/service-without-public-address.ts";
import { casesOf } from "../../support/cases.ts";
import { offCases, together } from "../../support/switches.ts";

export default casesOf(
  rule,
  together(
    offCases("aws:ecs/service:Service", "a service", "networkConfiguration.assignPublicIp"),
    offCases("aws:ecs/taskSet:TaskSet", "a set of tasks", "networkConfiguration.assignPublicIp"),
  ),
);
