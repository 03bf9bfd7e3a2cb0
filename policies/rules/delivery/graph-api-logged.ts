import type { GraphQLApiArgs } from "@pulumi/aws/appsync/graphQLApi.js";
import { beOneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "graph-api-logged",
  title: "A GraphQL API logs the fields that fail",
  severity: "medium",
  description: "One request asks for many fields, and answers with success though some of them failed.",
  remediation: 'Set logConfig.fieldLogLevel to "ERROR" or "ALL", and name a role in cloudwatchLogsRoleArn.',
  controls: { fsbp: ["AppSync.2"], wellArchitected: ["SEC04", "OPS08"] },
  resources: {
    "aws:appsync/graphQLApi:GraphQLApi": (api: Resource<GraphQLApiArgs>, { must }) =>
      must(api.at("logConfig", "fieldLogLevel").or("NONE"), beOneOf("ERROR", "INFO", "DEBUG", "ALL")),
  },
});
