import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { ec2Definitions } from "../../../../sandbox/src/services/ec2/index.ts";
import { elbv2Definitions } from "../../../../sandbox/src/services/elbv2/index.ts";
import { wafv2Definitions } from "../../../../sandbox/src/services/wafv2/index.ts";
import { Stack } from "../../support/cloud.ts";
import { ElbFixture } from "../elbv2/support.ts";

export const type = {
  acl: "aws:wafv2/webAcl:WebAcl",
  association: "aws:wafv2/webAclAssociation:WebAclAssociation",
  logging: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
} as const;

/** Metrics under that name. */
export function visibility(metricName: string): Props {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}

/** A rule that blocks what its statement is true of. */
export function blocks(name: string, statement: Props, more: Props = {}): Props {
  return { name, priority: 1, action: { block: {} }, statement, visibilityConfig: visibility(name), ...more };
}

/** A rule that asks a group of AWS's own. */
export function managed(name: string, more: Props = {}, overrideAction: Props = { none: {} }): Props {
  const statement = { managedRuleGroupStatement: { vendorName: "AWS", name, ...more } };
  return { name, priority: 1, overrideAction, statement, visibilityConfig: visibility(name) };
}

/** A statement about a text in a part of the request. */
export function contains(searchString: string, fieldToMatch: Props = { uriPath: {} }, more: Props = {}): Props {
  const textTransformations = [{ priority: 0, type: "NONE" }];
  return { byteMatchStatement: { searchString, positionalConstraint: "CONTAINS", fieldToMatch, textTransformations, ...more } };
}

/** A cloud that serves web ACLs, load balancers and log groups. */
export class WafFixture extends ElbFixture {
  override readonly stack: Stack = new Stack(this.cloud, [
    ...cloudwatchDefinitions,
    ...ec2Definitions,
    ...elbv2Definitions,
    ...wafv2Definitions,
  ]);

  acl(rules: readonly Props[] = [], more: Props = {}): Promise<Resource> {
    return this.create(type.acl, this.aclInputs(rules, more));
  }

  aclInputs(rules: readonly Props[], more: Props = {}): Props {
    return {
      name: "web",
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rules: [...rules],
      visibilityConfig: visibility("firewall"),
      ...more,
    };
  }

  /** A load balancer that answers "hello" itself, with a web ACL before it. */
  async guarded(acl: Resource): Promise<Resource> {
    const { subnets } = await this.zones();
    const balancer = await this.balancer(subnets);
    const fixedResponse = { contentType: "text/plain", statusCode: "200", messageBody: "hello" };
    const defaultActions = [{ type: "fixed-response", fixedResponse }];
    await this.create("aws:lb/listener:Listener", { loadBalancerArn: balancer.id, port: 80, defaultActions });
    await this.create(type.association, { resourceArn: balancer.id, webAclArn: text(acl.outputs, "arn") });
    return balancer;
  }

  /** The status of a request. */
  async status(balancer: Resource, path = "/", init: RequestInit = {}): Promise<number> {
    const response = await fetch(this.url(balancer) + path, init);
    await response.text();
    return response.status;
  }

  /** Counted requests, by name and rule. */
  counts(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { dimensions, name, namespace, value } of this.cloud.metrics) {
      if (namespace !== "AWS/WAFV2") continue;
      const key = `${name} ${dimensions["Rule"] ?? ""}`;
      sums[key] = (sums[key] ?? 0) + value;
    }
    return sums;
  }
}
