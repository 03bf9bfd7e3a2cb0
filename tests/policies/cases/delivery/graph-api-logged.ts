import rule from "../../../../policies/rules/delivery/graph-api-logged.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const API = "aws:appsync/graphQLApi:GraphQLApi";
const level = (fieldLogLevel: unknown) => ({ logConfig: { fieldLogLevel } });
const wanted = 'it must be one of "ERROR", "INFO", "DEBUG", "ALL".';

export default casesOf(rule, {
  passes: {
    "an API that logs failures": { given: [API, level("ERROR")] },
    "an API that logs everything": { given: [API, level("ALL")] },
  },
  fails: {
    "an API that logs nothing": { given: [API, level("NONE")], says: `logConfig.fieldLogLevel is "NONE"; ${wanted}` },
    "an API that says nothing of it": {
      given: [API, {}],
      says: `logConfig.fieldLogLevel is nothing, which means "NONE"; ${wanted}`,
    },
  },
  unknown: { "a level that is chosen later": { given: [API, level(UNKNOWN)], open: "logConfig.fieldLogLevel" } },
});
