import { randomUUID } from "node:crypto";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { arn } from "../../core/ids.ts";
import { type Props, text, texts } from "../../core/values.ts";
import { given, type Limit, matching, oneOf, shown } from "../limits.ts";
import { isAnswered, type ValidationOption, validationOption } from "./domain-validation.ts";

export const CERTIFICATE = "aws:acm/certificate:Certificate";

/** Names per certificate that an account may ask for at first (ACM User Guide, "Quotas"). */
const MOST_NAMES = 10;
/** Whom ACM writes to for EMAIL validation (ACM User Guide, "Email validation"). */
const MAILBOXES = ["administrator", "hostmaster", "postmaster", "webmaster", "admin"];
const DAY = 86_400_000;
/** Amazon's public certificates are good for 198 days (ACM User Guide, "Certificate characteristics"). */
const VALID_DAYS = 198;

const domain: Limit = (value) =>
  typeof value === "string" &&
  value.length <= 253 &&
  /^(\*\.)?(([a-z0-9]|[a-z0-9][a-z0-9-]{0,61}[a-z0-9])\.)+[a-z0-9-]{2,63}$/i.test(value)
    ? undefined
    : `${shown(value)} is not a fully qualified domain name, such as www.example.org or *.example.org`;

const unserved = (what: string): Limit =>
  matching(/^$/, `${what} is not served by the sandbox; ask for a certificate by domainName and validationMethod`);

function namesOf(inputs: Props): string[] {
  return [...new Set([text(inputs, "domainName"), ...texts(inputs, "subjectAlternativeNames")])];
}

/** The domains that must still be shown to be ours; empty once the certificate can be issued. */
export function unanswered(cloud: Cloud, certificate: Resource): ValidationOption[] {
  const options = (certificate.outputs["domainValidationOptions"] ?? []) as unknown as ValidationOption[];
  return options.filter((option) => !isAnswered(cloud, option));
}

/**
 * What is known of the certificate now. Once issued it stays so: ACM asks again only when it renews.
 * A certificate validated by mail is never issued here, as there is nobody who could read the mail.
 */
export function issued(cloud: Cloud, certificate: Resource): Props {
  if (certificate.outputs["status"] === "ISSUED") return {};
  if (text(certificate.outputs, "validationMethod") !== "DNS" || unanswered(cloud, certificate).length > 0) return {};
  const [from, to] = [0, VALID_DAYS].map((days) => new Date(cloud.now() + days * DAY).toISOString());
  return { status: "ISSUED", notBefore: from, notAfter: to };
}

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const names = namesOf(inputs);
  if (names.length > MOST_NAMES) {
    throw new CloudError(
      "LimitExceededException",
      `Error: Requested ${names.length} domain names in a certificate and the limit is ${MOST_NAMES}.`,
    );
  }
  const id = arn("acm", region, cloud.account, `certificate/${randomUUID()}`);
  const byDns = text(inputs, "validationMethod") === "DNS";
  return {
    id,
    outputs: {
      arn: id,
      status: "PENDING_VALIDATION",
      type: "AMAZON_ISSUED",
      subjectAlternativeNames: names,
      domainValidationOptions: byDns ? names.map((name) => ({ ...validationOption(cloud.account, name) })) : [],
      validationEmails: byDns ? [] : names.flatMap((name) => MAILBOXES.map((box) => `${box}@${name.replace(/^\*\./, "")}`)),
      keyAlgorithm: text(inputs, "keyAlgorithm") || "RSA_2048",
      options: inputs["options"] ?? { certificateTransparencyLoggingPreference: "ENABLED", export: "DISABLED" },
      notBefore: "",
      notAfter: "",
      pendingRenewal: false,
      renewalEligibility: "INELIGIBLE",
      renewalSummaries: [],
    },
  };
}

/** A public certificate of the region. It is issued once every domain's CNAME stands in a public zone. */
export const certificate: ResourceDefinition = {
  type: CERTIFICATE,
  replaceOn: [
    "certificateAuthorityArn",
    "domainName",
    "keyAlgorithm",
    "subjectAlternativeNames",
    "validationMethod",
    "validationOptions",
  ],
  limits: {
    certificateAuthorityArn: unserved("a private certificate authority"),
    certificateBody: unserved("the import of a certificate"),
    privateKey: unserved("the import of a certificate"),
    domainName: (value, inputs) =>
      domain(value, inputs) ??
      (given(inputs, ["validationMethod"]).length === 1 ? undefined : "validationMethod must be given: DNS or EMAIL"),
    "subjectAlternativeNames[]": domain,
    validationMethod: oneOf("DNS", "EMAIL"),
    keyAlgorithm: oneOf("RSA_2048", "EC_prime256v1", "EC_secp384r1"),
    "options.certificateTransparencyLoggingPreference": oneOf("ENABLED", "DISABLED"),
  },
  create: (operation) => {
    if (text(operation.inputs, "domainName") !== "") return create(operation);
    throw new CloudError(
      "ValidationException",
      "domainName must be given: the import of a certificate is not served by the sandbox",
    );
  },
  look: (cloud, resource) => {
    // Written down, so that it was issued at one moment however often somebody looks.
    const news = issued(cloud, resource);
    if (news["status"] !== undefined) cloud.world.setOutputs(resource, news);
    return news;
  },
};
