import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { citations, frameworks } from "../framework/controls.ts";
import type { RuleSetting } from "../framework/judge.ts";
import type { Rule } from "../framework/rule.ts";
import { pageOf } from "../report/words.ts";
import { Struct } from "./protobuf.ts";

/** Who serves. */
export interface PackIdentity {
  readonly name: string;
  readonly version: string;
  readonly description: string;
}

/** The engine's words for our levels, and back. */
export const LEVELS = {
  mandatory: messages.EnforcementLevel.MANDATORY,
  advisory: messages.EnforcementLevel.ADVISORY,
  disabled: messages.EnforcementLevel.DISABLED,
} as const;

/** The engine's words for our severities. */
export const SEVERITIES = {
  critical: messages.PolicySeverity.POLICY_SEVERITY_CRITICAL,
  high: messages.PolicySeverity.POLICY_SEVERITY_HIGH,
  medium: messages.PolicySeverity.POLICY_SEVERITY_MEDIUM,
  low: messages.PolicySeverity.POLICY_SEVERITY_LOW,
} as const;

/** Introduces the pack to the engine: every rule with its level, its settings and their values so far. */
export function packInfo(
  { description, name, version }: PackIdentity,
  rules: readonly Rule[],
  settings: ReadonlyMap<string, Required<RuleSetting>>,
  docs?: string,
): messages.AnalyzerInfo {
  const info = new messages.AnalyzerInfo();
  info.setName(name);
  info.setDisplayname(name);
  info.setVersion(version);
  info.setDescription(description);
  info.setSupportsconfig(true);
  info.setPoliciesList(rules.map((rule) => ruleInfo(rule, settings.get(rule.id), docs)));
  return info;
}

function ruleInfo(rule: Rule, setting: Required<RuleSetting> | undefined, docs: string | undefined): messages.PolicyInfo {
  const info = new messages.PolicyInfo();
  info.setName(rule.id);
  info.setDisplayname(rule.title);
  info.setDescription(`${rule.title}.`);
  info.setEnforcementlevel(LEVELS[setting?.level ?? rule.level]);
  info.setPolicyType(
    rule.scope === "resource" ? messages.PolicyType.POLICY_TYPE_RESOURCE : messages.PolicyType.POLICY_TYPE_STACK,
  );
  info.setSeverity(SEVERITIES[rule.severity]);
  info.setRemediationSteps(rule.remediation);
  info.setUrl(pageOf(rule, docs));
  const cited = citations(rule.controls);
  info.setTagsList(cited.map(({ control, framework }) => `${framework}:${control}`));
  const [first] = cited;
  if (first !== undefined) {
    const { title, url, version } = frameworks[first.framework];
    const framework = new messages.PolicyComplianceFramework();
    framework.setName(title);
    framework.setVersion(version);
    framework.setReference(
      cited
        .filter((each) => each.framework === first.framework)
        .map(({ control }) => control)
        .join(", "),
    );
    framework.setSpecification(url(first.control));
    info.setFramework(framework);
  }
  // The engine fills in these defaults and checks what a user sets; a project's own settings are defaults to it.
  const properties = Object.fromEntries(
    Object.entries(rule.config).map(([name, schema]) => [name, { ...schema, default: setting?.config[name] ?? schema.default }]),
  );
  const schema = new messages.PolicyConfigSchema();
  schema.setProperties(Struct.fromJavaScript(properties));
  info.setConfigschema(schema);
  return info;
}
