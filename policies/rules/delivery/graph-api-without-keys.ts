import type { GraphQLApiArgs } from "@pulumi/aws/appsync/graphQLApi.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "graph-api-without-keys",
  title: "A GraphQL API knows its callers by more than a key",
  severity: "high",
  description:
    "An API key is the same for everyone, is found in the code of every page that uses it, and says nothing of who calls.",
  remediation: 'Set authenticationType to "AWS_IAM", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT" or "AWS_LAMBDA".',
  controls: { fsbp: ["AppSync.5"], wellArchitected: ["SEC02"] },
  resources: {
    "aws:appsync/graphQLApi:GraphQLApi": (api: Resource<GraphQLApiArgs>, { each, must }) => {
      must(api.at("authenticationType"), beNoneOf("API_KEY"));
      each(api.at("additionalAuthenticationProviders"), (provider) =>
        must(provider.at("authenticationType"), beNoneOf("API_KEY")),
      );
    },
  },
});
