import type { Check } from "../../framework/check.ts";
import type { ResourceWith } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

interface End {
  readonly service: string;
  /** Ends the sentence "SERVICE ...". */
  readonly what: string;
  readonly instead: string;
}

const over = (service: string, day: string, instead: string): End => ({ service, what: `ended on ${day}`, instead });
const closed = (service: string, day: string, instead: string): End => ({
  service,
  what: `has taken no new customers since ${day}`,
  instead,
});

/**
 * Services that AWS has ended, or no longer develops, by the resource with which a use of them begins. Source: each service's
 * own notice of its end, which its documentation links to, and the list "AWS Lifecycle" (AWS General Reference).
 */
const ENDS: Readonly<Record<string, End>> = {
  "aws:appmesh/mesh:Mesh": over("App Mesh", "2026-09-30", "ECS Service Connect or VPC Lattice"),
  "aws:apprunner/service:Service": closed("App Runner", "2026-04-30", "ECS on Fargate"),
  "aws:cloud9/environmentEC2:EnvironmentEC2": closed("Cloud9", "2024-07-25", "CloudShell or an editor of one's own"),
  "aws:cloudsearch/domain:Domain": closed("CloudSearch", "2024-07-25", "OpenSearch"),
  "aws:datapipeline/pipeline:Pipeline": closed("Data Pipeline", "2024-07-25", "Step Functions, Glue or MWAA"),
  "aws:elastictranscoder/pipeline:Pipeline": over("Elastic Transcoder", "2025-11-13", "MediaConvert"),
  "aws:evidently/project:Project": over("CloudWatch Evidently", "2025-10-16", "feature flags of AppConfig"),
  "aws:finspace/kxEnvironment:KxEnvironment": over("FinSpace", "2026-10-07", "kdb on EC2 or EKS"),
  "aws:inspector/assessmentTarget:AssessmentTarget": over("Inspector Classic", "2026-05-20", "aws.inspector2.Enabler"),
  "aws:lex/bot:Bot": over("Lex V1", "2025-09-15", "aws.lex.V2modelsBot"),
  "aws:mediastore/container:Container": over("MediaStore", "2025-11-13", "S3 or MediaPackage"),
  "aws:pinpoint/app:App": over("Pinpoint", "2026-10-30", "SES, End User Messaging or Connect"),
  "aws:qldb/ledger:Ledger": over("QLDB", "2025-07-31", "Aurora PostgreSQL with an audit table"),
  "aws:timestreamwrite/database:Database": closed("Timestream for LiveAnalytics", "2025-06-20", "Timestream for InfluxDB"),
  "aws:waf/webAcl:WebAcl": over("WAF Classic", "2025-09-30", "aws.wafv2.WebAcl"),
  "aws:wafregional/webAcl:WebAcl": over("WAF Classic", "2025-09-30", "aws.wafv2.WebAcl"),
};

export default rule({
  id: "service-in-support",
  title: "Nothing is built on a service that has ended",
  severity: "high",
  description:
    "What stands on a service that has ended stops with it, and its data is deleted. One without new customers gets no new features, and is usually next.",
  remediation: "Move to the service that the message names, or name the service in the setting stillUsed until it is left.",
  controls: { wellArchitected: ["OPS05", "COST04"] },
  config: {
    stillUsed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Services that the project knows it has to leave, such as `App Runner`.",
    },
  },
  resources: Object.fromEntries(
    Object.entries(ENDS).map(([type, end]) => [
      type,
      (resource: ResourceWith<unknown>, { config, fail }: Check<{ readonly stillUsed: readonly string[] }>) => {
        if (!config.stillUsed.includes(end.service))
          fail(resource, `${end.service} ${end.what}`, `use ${end.instead} in its place`);
      },
    ]),
  ),
});
