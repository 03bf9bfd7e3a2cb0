import type { Cloud } from "../../core/cloud.ts";
import { derived } from "../../core/ids.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { bare } from "../route53/names.ts";
import { recordsOf, ZONE } from "../route53/rows.ts";

/** What shows that a domain is ours: a CNAME that ACM asks for. */
export interface ValidationOption {
  readonly domainName: string;
  readonly resourceRecordName: string;
  readonly resourceRecordType: "CNAME";
  readonly resourceRecordValue: string;
}

/**
 * The CNAME for a domain. It depends on the account and the domain alone, so a renewed or second certificate needs no other record;
 * `*.example.org` shares that of `example.org` (ACM User Guide, "DNS validation").
 */
export function validationOption(account: string, domain: string): ValidationOption {
  const base = bare(domain).replace(/^\*\./, "");
  return {
    domainName: domain,
    resourceRecordName: `_${derived(32, "acm-name", account, base)}.${base}.`,
    resourceRecordType: "CNAME",
    resourceRecordValue: `_${derived(32, "acm-value", account, base)}.${derived(10, "acm-host", account)}.acm-validations.aws.`,
  };
}

/** Whether a public zone of this account answers with what ACM asked for. */
export function isAnswered(cloud: Cloud, option: ValidationOption): boolean {
  return cloud.world
    .all(ZONE)
    .filter((zone) => !Array.isArray(zone.outputs["vpcs"]) || zone.outputs["vpcs"].length === 0)
    .flatMap((zone) => recordsOf(cloud, zone.id))
    .some(({ inputs, outputs }) => text(inputs, "type") === "CNAME" && matches(inputs, text(outputs, "fqdn"), option));
}

function matches(inputs: Props, fqdn: string, option: ValidationOption): boolean {
  const values = texts(inputs, "records").map(bare);
  return fqdn === bare(option.resourceRecordName) && values.includes(bare(option.resourceRecordValue));
}
