import { CloudError, type ResourceDefinition } from "../../core/definition.ts";
import { text, texts } from "../../core/values.ts";
import { LOG_GROUP } from "../cloudwatch/log-groups.ts";
import { type Limit, oneOf, shown } from "../limits.ts";
import { invalidArn, nonexistent, WEB_ACL, WEB_ACL_LOGGING } from "./names.ts";

/** How the names of all places begin into which WAF writes. */
const PREFIX = "aws-waf-logs-";

const destination: Limit = (value) =>
  typeof value === "string" && /^arn:aws[\w-]*:(s3|firehose):/.test(value)
    ? `${shown(value)}: the sandbox writes logs of a web ACL into log groups of CloudWatch only`
    : undefined;

/** Where a web ACL writes what it says of requests. */
export const webAclLoggingConfiguration: ResourceDefinition = {
  type: WEB_ACL_LOGGING,
  replaceOn: ["logDestinationConfigs", "resourceArn"],
  limits: {
    logDestinationConfigs: (value) =>
      Array.isArray(value) && value.length === 1
        ? undefined
        : `exactly one place for logs is given (given: ${Array.isArray(value) ? value.length : 0})`,
    "logDestinationConfigs[]": destination,
    "loggingFilter.defaultBehavior": oneOf("KEEP", "DROP"),
    "loggingFilter.filters[].behavior": oneOf("KEEP", "DROP"),
    "loggingFilter.filters[].requirement": oneOf("MEETS_ALL", "MEETS_ANY"),
    "loggingFilter.filters[].conditions[].actionCondition.action": oneOf("ALLOW", "BLOCK", "COUNT"),
  },
  references: [{ path: "resourceArn", to: WEB_ACL, by: ["arn"], missing: () => nonexistent() }],
  create: ({ cloud, inputs }) => {
    const acl = text(inputs, "resourceArn");
    const [to = ""] = texts(inputs, "logDestinationConfigs");
    const name = to.split(":log-group:")[1]?.replace(/:\*$/, "") ?? "";
    if (!name.startsWith(PREFIX)) throw invalidArn("LOG_DESTINATION", to);
    if (cloud.world.by(LOG_GROUP, "name", name) === undefined) {
      throw new CloudError(
        "WAFLogDestinationPermissionIssueException",
        `AWS WAF couldn’t access the log destination: there is no log group ${name}`,
      );
    }
    const other = cloud.world.all(WEB_ACL_LOGGING).find((row) => text(row.inputs, "resourceArn") === acl);
    // PutLoggingConfiguration writes over what is there; the provider's resource would then stand twice for one thing.
    if (other !== undefined) cloud.world.drop(other);
    return { id: acl };
  },
};
