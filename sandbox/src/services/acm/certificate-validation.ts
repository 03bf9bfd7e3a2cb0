import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { derived } from "../../core/ids.ts";
import { text, texts } from "../../core/values.ts";
import { arnOf } from "../limits.ts";
import { bare } from "../route53/names.ts";
import { CERTIFICATE, issued, unanswered } from "./certificate.ts";
import type { ValidationOption } from "./domain-validation.ts";

/** The provider compares the names it was given with those that ACM asked for before it starts to wait. */
function refuseMissing(given: readonly string[], options: readonly ValidationOption[]): void {
  if (given.length === 0) return;
  const told = given.map(bare);
  const missing = options.filter((option) => !told.includes(bare(option.resourceRecordName)));
  if (missing.length === 0) return;
  const lines = missing.map((option) => `missing ${option.domainName} DNS validation record: ${bare(option.resourceRecordName)}`);
  throw new CloudError("InvalidValidationRecords", lines.join("\n"));
}

function create({ cloud, inputs, region }: Operation): ReturnType<ResourceDefinition["create"]> {
  const certificateArn = text(inputs, "certificateArn");
  const certificate = cloud.world.get(CERTIFICATE, certificateArn, region);
  if (certificate === undefined) {
    throw new CloudError("ResourceNotFoundException", `Could not find certificate ${certificateArn} in ${region}.`);
  }
  const options = (certificate.outputs["domainValidationOptions"] ?? []) as unknown as ValidationOption[];
  refuseMissing(texts(inputs, "validationRecordFqdns"), options);
  cloud.world.setOutputs(certificate, issued(cloud, certificate));
  const now = cloud.world.get(CERTIFICATE, certificateArn, region) ?? certificate;
  if (now.outputs["status"] !== "ISSUED") {
    // AWS would be asked for 75 minutes. What is not in the zone now would not come by itself here.
    const open = unanswered(cloud, certificate).map(
      (option) => `a public zone has no CNAME ${option.resourceRecordName} ${option.resourceRecordValue}`,
    );
    throw new CloudError(
      "ValidationTimeout",
      `waiting for ACM Certificate (${certificateArn}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION'): ` +
        (open.join("; ") || "it is validated by mail, which nobody reads in the sandbox"),
    );
  }
  const outputs = { validationRecordFqdns: texts(inputs, "validationRecordFqdns") };
  return { id: `${text(now.outputs, "notBefore")}-${derived(8, certificateArn, String(cloud.now()))}`, outputs };
}

/** Stands for the moment at which a certificate is issued; other resources depend on it. */
export const certificateValidation: ResourceDefinition = {
  type: "aws:acm/certificateValidation:CertificateValidation",
  replaceOn: ["certificateArn", "validationRecordFqdns"],
  limits: { certificateArn: arnOf("acm") },
  references: [
    {
      path: "certificateArn",
      to: CERTIFICATE,
      by: ["arn"],
      missing: (value) => new CloudError("ResourceNotFoundException", `Could not find certificate ${value}.`),
    },
  ],
  create,
};
