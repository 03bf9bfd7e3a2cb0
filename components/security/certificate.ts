import { Certificate as AcmCertificate } from "@pulumi/aws/acm/certificate.js";
import { CertificateValidation } from "@pulumi/aws/acm/certificateValidation.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../shared/tags.ts";

/** What the caller decides about a {@link Certificate}. */
export interface CertificateArgs {
  /** The first name, such as `shop.example.com`. A change makes a new certificate beside the old one. */
  readonly domain: string;
  /** Further names. A change makes a new certificate beside the old one. @default - none */
  readonly otherDomains?: readonly string[];
  /** The Route 53 hosted zone in which all the names lie. */
  readonly zoneId: string;
  /** Where it is wanted, each region once: that of a load balancer, and `us-east-1` for CloudFront. */
  readonly regions: readonly [string, ...string[]];
  /** Put on everything that takes tags. */
  readonly tags: Tags;
}

/**
 * A certificate for some names, issued by Amazon in each region where it is wanted and renewed by itself.
 *
 * That the names are ours is proved by a DNS record each. The record is the same in every region of an account, so it is made once; as long as it stands,
 * Amazon renews.
 *
 * **Cost**: none.
 */
export class Certificate extends pulumi.ComponentResource {
  /** ARN of the certificate in each region; known once Amazon has issued it. */
  readonly arns: Readonly<Record<string, pulumi.Output<string>>>;

  readonly #name: string;
  readonly #args: CertificateArgs;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    requireOnce(`Certificate "${name}": regions`, args.regions);
    requireOnce(`Certificate "${name}": domain and otherDomains`, [args.domain, ...(args.otherDomains ?? [])]);
    super("platform:security:Certificate", name, {}, opts);
    this.#name = name;
    this.#args = args;

    const certificates = args.regions.map((region) => [region, this.#certificate(region)] as const);
    const [[, first] = []] = certificates;
    const proofs = first === undefined ? [] : this.#proofs(first);
    this.arns = Object.fromEntries(
      certificates.map(([region, certificate]) => {
        const validationRecordFqdns = proofs.map(({ fqdn }) => fqdn);
        const issued = { certificateArn: certificate.arn, validationRecordFqdns, region };
        return [region, new CertificateValidation(`${name}-${region}`, issued, { parent: this }).certificateArn];
      }),
    );
    this.registerOutputs({ arns: this.arns });
  }

  #certificate(region: string): AcmCertificate {
    const { domain: domainName, otherDomains: subjectAlternativeNames = [], tags } = this.#args;
    return new AcmCertificate(
      `${this.#name}-${region}`,
      {
        domainName,
        subjectAlternativeNames: [...subjectAlternativeNames],
        validationMethod: "DNS",
        // RSA would cost every handshake more than all else in it.
        keyAlgorithm: "EC_prime256v1",
        region,
        tags,
      },
      { parent: this },
    );
  }

  /** A record for each name, by its place in the list: what it holds is known only once the certificate has been asked for. */
  #proofs({ domainValidationOptions }: AcmCertificate): DnsRecord[] {
    const { domain, otherDomains = [], zoneId } = this.#args;
    return [domain, ...otherDomains].map((name, index) => {
      const proof = domainValidationOptions.apply((options) => options.find(({ domainName }) => domainName === name));
      const text = (value: string | undefined) => value ?? "";
      return new DnsRecord(
        `${this.#name}-proof-${index + 1}`,
        {
          zoneId,
          name: proof.apply((option) => text(option?.resourceRecordName)),
          type: proof.apply((option) => text(option?.resourceRecordType)),
          records: [proof.apply((option) => text(option?.resourceRecordValue))],
          ttl: 300,
          // The same record proves the name for any other certificate of the account.
          allowOverwrite: true,
        },
        { parent: this },
      );
    });
  }
}

function requireOnce(what: string, values: readonly string[]): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new RangeError(`${what}: ${twice} is given twice; allowed: each once`);
}
