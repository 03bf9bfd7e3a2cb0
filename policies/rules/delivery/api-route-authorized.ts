import type { MethodArgs } from "@pulumi/aws/apigateway/method.js";
import type { RouteArgs } from "@pulumi/aws/apigatewayv2/route.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "api-route-authorized",
  title: "Every route of an API says who may call it",
  severity: "medium",
  description: "A route without authorization leaves the question to the code behind it, where one forgotten line opens it.",
  remediation: 'Set authorizationType (of a method, authorization) to "AWS_IAM", "JWT", "CUSTOM" or "COGNITO_USER_POOLS".',
  controls: { fsbp: ["APIGateway.8"], wellArchitected: ["SEC03"] },
  // Some routes are for everyone: the page to log in is.
  level: "advisory",
  resources: {
    "aws:apigatewayv2/route:Route": (route: Resource<RouteArgs>, { must }) =>
      must(route.at("authorizationType").or("NONE"), beNoneOf("NONE")),
    "aws:apigateway/method:Method": (method: Resource<MethodArgs>, { must }) => {
      // A browser asks by OPTIONS whether it may ask, before it has told who it is.
      if (method.at("httpMethod").value !== "OPTIONS") must(method.at("authorization").or("NONE"), beNoneOf("NONE"));
    },
  },
});
