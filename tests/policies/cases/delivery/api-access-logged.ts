import rule from "../../../../policies/rules/delivery/api-access-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const TYPES = ["aws:apigatewayv2/stage:Stage", "aws:apigateway/stage:Stage"];
const settings = { destinationArn: "arn:aws:logs:eu-central-1:123456789012:log-group:api", format: "$context.requestId" };
const ofBoth = <T>(title: string, make: (type: string) => T): Record<string, T> =>
  Object.fromEntries(TYPES.map((type) => [`${title}, in ${type}`, make(type)]));

export default casesOf(rule, {
  passes: ofBoth("a stage with an access log", (type) => ({ given: [type, { accessLogSettings: settings }] })),
  fails: ofBoth("a stage without one", (type) => ({
    given: [type, {}],
    says: "accessLogSettings.destinationArn is nothing; it must name a log group.",
  })),
  unknown: ofBoth("a log group that is made later", (type) => ({
    given: [type, { accessLogSettings: { ...settings, destinationArn: UNKNOWN } }],
    open: "accessLogSettings.destinationArn",
  })),
  survives: {
    "accessLogSettings.destinationArn: another text": "another log group is one as well",
    "accessLogSettings.format: *": "what is logged is the project's own to know",
  },
});
