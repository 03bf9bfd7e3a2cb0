import rule from "../../../../policies/rules/delivery/api-execution-logged.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const STAGE = "aws:apigateway/stage:Stage";
const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
const STAGE_2 = "aws:apigatewayv2/stage:Stage";
const API_2 = "aws:apigatewayv2/api:Api";
const all = (loggingLevel: unknown) => ({ stageName: ref("live", "stageName"), methodPath: "*/*", settings: { loggingLevel } });
const none = 'live: the stage has no MethodSettings of "*/*"; it must have one that sets a loggingLevel.';
const wanted = 'it must be one of "ERROR", "INFO".';

export default casesOf(rule, {
  passes: {
    "a stage with settings for all of it": { given: { live: [STAGE, {}], all: [SETTINGS, all("ERROR")] } },
    "a stage that is called by its name": {
      given: { live: [STAGE, { stageName: "live" }], all: [SETTINGS, { ...all("INFO"), stageName: "live" }] },
    },
    "a stage of a WebSocket API": {
      given: {
        chat: [API_2, { protocolType: "WEBSOCKET" }],
        live: [STAGE_2, { apiId: ref("chat"), defaultRouteSettings: { loggingLevel: "ERROR" } }],
      },
    },
    "a stage of an HTTP API, which has an access log only": {
      given: { shop: [API_2, { protocolType: "HTTP" }], live: [STAGE_2, { apiId: ref("shop") }] },
    },
  },
  fails: {
    "a stage without settings": { given: { live: [STAGE, {}] }, says: none },
    "a stage with settings for a part of it": {
      given: { live: [STAGE, {}], part: [SETTINGS, { ...all("INFO"), methodPath: "orders/GET" }] },
      says: none,
    },
    "a stage with settings that say nothing of logs": {
      given: { live: [STAGE, {}], all: [SETTINGS, { ...all("OFF"), settings: { metricsEnabled: true } }] },
      says: `live: all.settings.loggingLevel is nothing, which means "OFF"; ${wanted}`,
    },
    "a stage of a WebSocket API that says nothing of logs": {
      given: { chat: [API_2, { protocolType: "WEBSOCKET" }], live: [STAGE_2, { apiId: ref("chat") }] },
      says: `live: defaultRouteSettings.loggingLevel is nothing, which means "OFF"; ${wanted}`,
    },
  },
  unknown: {
    "a level that is chosen later": {
      given: { live: [STAGE, {}], all: [SETTINGS, all(UNKNOWN)] },
      open: "live: all.settings.loggingLevel",
    },
    "an API that is not known": { given: { live: [STAGE_2, { apiId: UNKNOWN }] }, open: "live: apiId" },
  },
  survives: {
    "chat: left out": "an API of another stack may be for HTTP",
    "shop: left out": "an API of another stack may be for HTTP",
    "chat: protocolType: *": "AWS refuses any other protocol",
    "shop: protocolType: *": "AWS refuses any other protocol",
    "live: apiId: left out": "AWS refuses a stage of no API",
  },
});
