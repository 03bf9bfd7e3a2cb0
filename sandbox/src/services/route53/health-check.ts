import { randomUUID } from "node:crypto";
import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { between, given, type Limit, matching, ofLength, oneOf, shown } from "../limits.ts";
import { HEALTH_CHECK } from "./rows.ts";
import { forgetHealth } from "./health.ts";
import { settleNames } from "./answers.ts";

/** Route 53 Developer Guide, "Quotas on health checks" (default). */
const MOST_CHECKS = 200;
const PLAYED = ["HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH"];
const UNPLAYED = ["TCP", "CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"];
/** From where Route 53 asks (Route 53 API Reference, HealthCheckConfig). */
const REGIONS = [
  "us-east-1",
  "us-west-1",
  "us-west-2",
  "eu-west-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-northeast-1",
  "sa-east-1",
];

const type: Limit = (value, inputs) => {
  if (typeof value === "string" && UNPLAYED.includes(value))
    return `${shown(value)}: the sandbox asks web servers only; it plays ${PLAYED.join(", ")}`;
  const fault = oneOf(...PLAYED)(value, inputs);
  if (fault !== undefined) return fault;
  if (given(inputs, ["fqdn", "ipAddress"]).length === 0) return "fqdn or ipAddress must be given: whom to ask";
  const isMatch = text(inputs, "type").endsWith("_STR_MATCH");
  if (isMatch !== (given(inputs, ["searchString"]).length === 1))
    return `searchString goes with HTTP_STR_MATCH and HTTPS_STR_MATCH, which need it (given: ${shown(value)})`;
  return undefined;
};

/** Asks a web server again and again whether it is well, as Route 53 does from outside. */
export const healthCheck: ResourceDefinition = {
  type: HEALTH_CHECK,
  replaceOn: ["measureLatency", "referenceName", "requestInterval", "routingControlArn", "type"],
  defaults: { disabled: false, invertHealthcheck: false, measureLatency: false },
  limits: {
    type,
    failureThreshold: between(1, 10),
    fqdn: ofLength(1, 255),
    port: between(1, 65_535),
    requestInterval: oneOf(10, 30),
    resourcePath: (value) => ofLength(1, 255)(value, {}) ?? matching(/^\//, "a path begins with a slash")(value, {}),
    searchString: ofLength(1, 255),
    regions: (value) =>
      Array.isArray(value) && value.length >= 3
        ? undefined
        : `at least 3 regions are given (given: ${Array.isArray(value) ? value.length : 0})`,
    "regions[]": oneOf(...REGIONS),
  },
  create: ({ cloud, inputs }) => {
    if (cloud.world.all(HEALTH_CHECK).length >= MOST_CHECKS) {
      throw new CloudError(
        "TooManyHealthChecks",
        `This health check can't be created because the current account owns the maximum number of active health checks. (quota: ${MOST_CHECKS})`,
      );
    }
    const id = randomUUID();
    const isTls = text(inputs, "type").startsWith("HTTPS");
    return {
      id,
      outputs: {
        arn: `arn:aws:route53:::healthcheck/${id}`,
        enableSni: inputs["enableSni"] ?? isTls,
        failureThreshold: inputs["failureThreshold"] ?? 3,
        port: inputs["port"] ?? (isTls ? 443 : 80),
        requestInterval: inputs["requestInterval"] ?? 30,
        tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
      },
    };
  },
  halt: async (cloud, row) => {
    forgetHealth(cloud, row.id);
    await settleNames(cloud);
  },
};
