import { WebAcl, type WebAclArgs } from "@pulumi/aws/wafv2/webAcl.js";
import { WebAclAssociation } from "@pulumi/aws/wafv2/webAclAssociation.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { WebAclLoggingConfiguration } from "@pulumi/aws/wafv2/webAclLoggingConfiguration.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import { diagnostic, type Tags } from "../shared/tags.ts";

/** AWS's own groups of rules, by the order in which they are asked; what each is against is in its name. */
export const MANAGED_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesSQLiRuleSet",
] as const;

/** One of {@link MANAGED_GROUPS}. */
export type ManagedGroup = (typeof MANAGED_GROUPS)[number];

/** What the caller decides about a {@link WebFirewall}. */
export interface WebFirewallArgs {
  /** `us-east-1` for a firewall before CloudFront, the region of the load balancer for one before that. */
  readonly region: string;
  /** Whether it stands before CloudFront (`CLOUDFRONT`, which is in us-east-1) or before a load balancer (`REGIONAL`). */
  readonly scope: "CLOUDFRONT" | "REGIONAL";
  /** The load balancer before which it stands, by its ARN; a distribution names its firewall itself. @default - none */
  readonly protects?: pulumi.Input<string>;
  /** Requests that one address may make in five minutes. @default 2000 */
  readonly requestsPerFiveMinutes?: number;
  /** Groups that only count what they would turn away, to be tried before they do. @default - none */
  readonly countOnly?: readonly ManagedGroup[];
  /** Where every request that was turned away is told of: the key of the log's region, and for how many days. @default - only counted */
  readonly log?: { readonly keyArn: pulumi.Input<string>; readonly days: number };
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * A web application firewall: too many requests from one address, addresses known for attacks, and requests that look like one, are turned away with 403.
 *
 * The product's forms and JSON are checked where they are read; this stands before that and takes off the noise. The limit on the size of bodies only counts, because
 * the product has its own and people upload pictures.
 *
 * **Cost**: 5 USD a month, 1 USD for each of five rules, 0.60 USD for a million requests.
 */
export class WebFirewall extends pulumi.ComponentResource {
  /** ARN, for a distribution. */
  readonly arn: pulumi.Output<string>;
  /** By which CloudWatch knows it. */
  readonly metricName: string;

  constructor(name: string, args: WebFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    requireSound(`WebFirewall "${name}"`, args);
    super("platform:security:WebFirewall", name, {}, opts);
    const { log, protects, region, scope, tags } = args;
    const child = { parent: this };

    const acl = new WebAcl(
      `${name}-acl`,
      {
        name,
        scope,
        region,
        description: "What no person would send",
        defaultAction: { allow: {} },
        rules: [rateLimit(name, args), ...managed(name, args)],
        visibilityConfig: seenAs(name),
        tags,
      },
      child,
    );
    if (protects !== undefined)
      new WebAclAssociation(`${name}-before`, { webAclArn: acl.arn, resourceArn: protects, region }, child);
    if (log !== undefined) {
      // WAF writes only into groups of this prefix.
      const group = {
        name: `aws-waf-logs-${name}`,
        kmsKeyId: log.keyArn,
        retentionInDays: log.days,
        region,
        tags: diagnostic(tags),
      };
      const { arn } = new LogGroup(`${name}-log`, group, child);
      new WebAclLoggingConfiguration(
        `${name}-log`,
        { resourceArn: acl.arn, logDestinationConfigs: [arn], ...turnedAway(region) },
        child,
      );
    }

    this.arn = acl.arn;
    this.metricName = name;
    this.registerOutputs({ arn: this.arn, metricName: this.metricName });
  }
}

type Rule = Extract<NonNullable<WebAclArgs["rules"]>, readonly unknown[]>[number];

function rateLimit(name: string, { requestsPerFiveMinutes: limit = 2000 }: WebFirewallArgs): Rule {
  return {
    name: "rate",
    priority: 0,
    action: { block: {} },
    statement: { rateBasedStatement: { limit, evaluationWindowSec: 300, aggregateKeyType: "IP" } },
    visibilityConfig: seenAs(`${name}-rate`),
  };
}

function managed(name: string, { countOnly = [] }: WebFirewallArgs): Rule[] {
  return MANAGED_GROUPS.map((group, index) => ({
    name: group,
    priority: index + 1,
    overrideAction: countOnly.includes(group) ? { count: {} } : { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name: group, ...exceptions(group) } },
    visibilityConfig: seenAs(`${name}-${group}`),
  }));
}

function exceptions(group: ManagedGroup) {
  if (group !== "AWSManagedRulesCommonRuleSet") return {};
  return { ruleActionOverrides: [{ name: "SizeRestrictions_BODY", actionToUse: { count: {} } }] };
}

function seenAs(metricName: string) {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}

/** Of the requests only those are kept that were turned away; who may pass is in the logs of what stands behind. */
function turnedAway(region: string) {
  const blocked = { behavior: "KEEP", requirement: "MEETS_ANY", conditions: [{ actionCondition: { action: "BLOCK" } }] };
  return { region, loggingFilter: { defaultBehavior: "DROP", filters: [blocked] }, redactedFields: REDACTED };
}

/** Headers by which somebody is signed in. */
const REDACTED = ["authorization", "cookie"].map((name) => ({ singleHeader: { name } }));

function requireSound(what: string, { log, protects, region, requestsPerFiveMinutes = 2000, scope }: WebFirewallArgs): void {
  // WAF counts from ten requests on ("Rate-based rule caveats").
  requireBetween(`${what}: requestsPerFiveMinutes`, requestsPerFiveMinutes, 10, 2_000_000_000);
  if (log !== undefined) requireBetween(`${what}: log.days`, log.days, 1, 3653);
  if (scope === "REGIONAL") return;
  if (region !== "us-east-1") throw new RangeError(`${what}: region is ${region}; allowed before CloudFront: us-east-1`);
  if (protects !== undefined)
    throw new RangeError(
      `${what}: protects is given; allowed before a load balancer only, because a distribution names its firewall itself`,
    );
}
