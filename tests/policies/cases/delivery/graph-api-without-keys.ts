import rule from "../../../../policies/rules/delivery/graph-api-without-keys.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const API = "aws:appsync/graphQLApi:GraphQLApi";
const roles = { authenticationType: "AWS_IAM" };
const OTHER = "AWS refuses an API without a way, and a way that it does not have";

export default casesOf(rule, {
  passes: {
    "an API for roles": { given: [API, roles] },
    "an API for roles and for people": {
      given: [API, { ...roles, additionalAuthenticationProviders: [{ authenticationType: "AMAZON_COGNITO_USER_POOLS" }] }],
    },
  },
  fails: {
    "an API for whoever has the key": {
      given: [API, { authenticationType: "API_KEY" }],
      says: 'authenticationType is "API_KEY"; it must not be "API_KEY".',
    },
    "an API for roles, and for whoever has the key": {
      given: [API, { ...roles, additionalAuthenticationProviders: [{ authenticationType: "API_KEY" }] }],
      says: 'additionalAuthenticationProviders[0].authenticationType is "API_KEY"; it must not be "API_KEY".',
    },
  },
  unknown: {
    "a way that is chosen later": { given: [API, { authenticationType: UNKNOWN }], open: "authenticationType" },
    "further ways that are not known": {
      given: [API, { ...roles, additionalAuthenticationProviders: UNKNOWN }],
      open: "additionalAuthenticationProviders",
    },
  },
  survives: {
    "authenticationType: *": OTHER,
    "additionalAuthenticationProviders: *": "one way is enough",
    "additionalAuthenticationProviders[0]*: *": OTHER,
  },
});
