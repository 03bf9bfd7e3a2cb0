import rule from "../../../../policies/rules/delivery/api-route-authorized.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const ROUTE = "aws:apigatewayv2/route:Route";
const METHOD = "aws:apigateway/method:Method";
const OTHER = "AWS refuses a kind of authorization that it does not have";

export default casesOf(rule, {
  passes: {
    "a route for whoever has a token": { given: [ROUTE, { authorizationType: "JWT" }] },
    "a method for roles": { given: [METHOD, { httpMethod: "GET", authorization: "AWS_IAM" }] },
    "a method by which a browser asks first": { given: [METHOD, { httpMethod: "OPTIONS", authorization: "NONE" }] },
  },
  fails: {
    "a route for everyone": {
      given: [ROUTE, { authorizationType: "NONE" }],
      says: 'authorizationType is "NONE"; it must not be "NONE".',
    },
    "a route that says nothing of it": {
      given: [ROUTE, {}],
      says: 'authorizationType is nothing, which means "NONE"; it must not be "NONE".',
    },
    "a method for everyone": {
      given: [METHOD, { httpMethod: "POST", authorization: "NONE" }],
      says: 'authorization is "NONE"; it must not be "NONE".',
    },
  },
  unknown: {
    "a route of which it is decided later": { given: [ROUTE, { authorizationType: UNKNOWN }], open: "authorizationType" },
    "a method of which it is decided later": {
      given: [METHOD, { httpMethod: "GET", authorization: UNKNOWN }],
      open: "authorization",
    },
  },
  survives: {
    "authorizationType: empty": OTHER,
    "authorizationType: another text": OTHER,
    "authorization: *": OTHER,
    "httpMethod: *": "AWS refuses a method that HTTP does not have",
  },
});
