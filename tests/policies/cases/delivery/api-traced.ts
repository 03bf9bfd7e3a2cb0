import rule from "../../../../policies/rules/delivery/api-traced.ts";
import { casesOf } from "../../support/cases.ts";
import { onCases } from "../../support/switches.ts";

export default casesOf(rule, onCases("aws:apigateway/stage:Stage", "a stage", "xrayTracingEnabled"));
