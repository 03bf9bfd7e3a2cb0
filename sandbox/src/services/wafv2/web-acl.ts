import { randomUUID } from "node:crypto";
import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { isProps, type Props, text, valuesAt } from "../../core/values.ts";
import { all, type Limit, matching, ofLength, oneOf } from "../limits.ts";
import { chosenName, PREFIX_SUFFIX_LENGTH } from "../names.ts";
import { actionFault, bodyKeys, CONTENT_TYPES } from "./actions.ts";
import { CLOUDFRONT_REGION, invalid, WEB_ACL, webAclArn } from "./names.ts";
import { metricName, ruleLimit } from "./rules.ts";
import { capacityOf } from "./statements.ts";

/** AWS WAF Developer Guide, "AWS WAF quotas" (defaults). */
const MOST_CAPACITY = 5000;
const MOST_WEB_ACLS = 100;
const LONGEST_NAME = 128;
const LONGEST_BODY = 4096;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const [name, scope] = [chosenName(inputs), text(inputs, "scope")];
  if (scope === "CLOUDFRONT" && region !== CLOUDFRONT_REGION)
    throw invalid("The scope is not valid.", "SCOPE_VALUE", "CLOUDFRONT");
  const present = cloud.world.all(WEB_ACL).filter((row) => row.region === region && text(row.inputs, "scope") === scope);
  if (present.some((row) => text(row.outputs, "name") === name)) {
    throw new CloudError(
      "WAFDuplicateItemException",
      "AWS WAF couldn’t perform the operation because some resource in your request is a duplicate of an existing one.",
    );
  }
  if (present.length >= MOST_WEB_ACLS) throw limits();
  const id = randomUUID();
  const arn = webAclArn(operation, scope, name, id);
  return {
    id,
    outputs: {
      ...checked(inputs),
      arn,
      applicationIntegrationUrl: "",
      lockToken: randomUUID(),
      name,
      namePrefix: text(inputs, "namePrefix"),
    },
  };
}

/** What is read back of a web ACL. Throws what only the cloud refuses. */
function checked(inputs: Props): Props {
  const rules = valuesAt(inputs, "rules[]").filter(isProps);
  const priorities = rules.map((rule) => Number(rule["priority"]));
  const twice = priorities.find((priority, at) => priorities.indexOf(priority) !== at);
  if (twice !== undefined) throw invalid("You have used a priority more than once.", "RULE", String(twice));
  const names = rules.map((rule) => text(rule, "name"));
  const named = names.find((name, at) => names.indexOf(name) !== at);
  if (named !== undefined) throw invalid("You have used a name more than once.", "RULE", named);
  const bodies = valuesAt(inputs, "customResponseBodies[].key");
  const missing = bodyKeys(inputs).find((key) => !bodies.includes(key));
  if (missing !== undefined) {
    throw invalid(
      "The custom response body key isn't one of the web ACL's custom response bodies.",
      "CUSTOM_RESPONSE_BODY_KEY",
      missing,
    );
  }
  const capacity = rules.reduce((sum, rule) => sum + capacityOf(isProps(rule["statement"]) ? rule["statement"] : {}), 0);
  if (capacity > MOST_CAPACITY) throw limits();
  return { capacity, tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {} };
}

function limits(): CloudError {
  return new CloudError(
    "WAFLimitsExceededException",
    "AWS WAF couldn’t perform the operation because you exceeded your resource limit.",
  );
}

const letters = matching(/^[\w-]+$/, "letters, digits, hyphens and underscores are");
const defaultAction: Limit = (value) => actionFault(value, ["allow", "block"]);

/** Rules that say which requests may go on to a load balancer or a distribution. */
export const webAcl: ResourceDefinition = {
  type: WEB_ACL,
  replaceOn: ["name", "namePrefix", "scope"],
  autoName: { property: "name", maxLength: LONGEST_NAME },
  limits: {
    name: all(ofLength(1, LONGEST_NAME), letters),
    namePrefix: all(ofLength(1, LONGEST_NAME - PREFIX_SUFFIX_LENGTH), letters),
    scope: oneOf("CLOUDFRONT", "REGIONAL"),
    description: matching(
      /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/,
      "letters, digits, blanks and +=:#@/-,._ are, 3 to 256 of them",
    ),
    defaultAction,
    "visibilityConfig.metricName": metricName,
    "rules[]": ruleLimit,
    ruleJson: () => "give the rules as rules; the sandbox does not read them from ruleJson",
    "customResponseBodies[].contentType": oneOf(...Object.keys(CONTENT_TYPES)),
    "customResponseBodies[].content": ofLength(1, LONGEST_BODY),
    "customResponseBodies[].key": all(ofLength(1, 128), letters),
    dataProtectionConfig: () =>
      "the sandbox does not hide parts of requests from logs this way; give redactedFields to the logging configuration",
  },
  create,
  update: ({ inputs }, before) => ({
    ...checked(inputs),
    lockToken: randomUUID(),
    name: before.outputs["name"],
    namePrefix: before.outputs["namePrefix"],
  }),
  renewed: () => ["lockToken", "capacity"],
};
