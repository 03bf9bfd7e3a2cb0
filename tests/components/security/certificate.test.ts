import assert from "node:assert/strict";
import { Certificate, type CertificateArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { tags } from "../examples.ts";

const args: CertificateArgs = {
  domain: "shop.example.com",
  otherDomains: ["origin.shop.example.com"],
  zoneId: "Z0123456789ABCDEFGHIJ",
  regions: ["eu-central-1", "us-east-1"],
  tags,
};

const certificate = (changes: Partial<CertificateArgs> = {}): Promise<Recorded[]> =>
  record(() => new Certificate("names", { ...args, ...changes }));

describe("Certificate", () => {
  it("asks once in each region, proves each name once, and waits in each region", async () => {
    assert.deepEqual((await certificate()).map(identity).sort(), [
      "platform:security:Certificate$aws:acm/certificate:Certificate::names-eu-central-1",
      "platform:security:Certificate$aws:acm/certificate:Certificate::names-us-east-1",
      "platform:security:Certificate$aws:acm/certificateValidation:CertificateValidation::names-eu-central-1",
      "platform:security:Certificate$aws:acm/certificateValidation:CertificateValidation::names-us-east-1",
      "platform:security:Certificate$aws:route53/record:Record::names-proof-1",
      "platform:security:Certificate$aws:route53/record:Record::names-proof-2",
      "platform:security:Certificate::names",
    ]);
  });

  it("is for all the names, in the region where it is wanted", async () => {
    assert.deepEqual(only(await certificate(), "names-us-east-1", "aws:acm/certificate:Certificate").inputs, {
      domainName: "shop.example.com",
      subjectAlternativeNames: ["origin.shop.example.com"],
      validationMethod: "DNS",
      keyAlgorithm: "EC_prime256v1",
      region: "us-east-1",
      tags: { "platform:name": "test" },
    });
  });

  it("proves each name by the record that Amazon asks for", async () => {
    const resources = await certificate();
    assert.deepEqual(
      ["names-proof-1", "names-proof-2"].map((name) => only(resources, name).inputs),
      ["shop.example.com", "origin.shop.example.com"].map((domain) => ({
        zoneId: "Z0123456789ABCDEFGHIJ",
        name: `_proof.${domain}.`,
        type: "CNAME",
        records: [`_value.${domain}.acm-validations.aws.`],
        ttl: 300,
        allowOverwrite: true,
      })),
    );
  });

  it("gives an ARN for each region", async () => {
    const { result } = await run(() => new Certificate("names", args).arns);
    assert.deepEqual(result, { "eu-central-1": "arn:test:names-eu-central-1", "us-east-1": "arn:test:names-us-east-1" });
  });

  it("refuses a region or a name that is given twice", async () => {
    await assert.rejects(certificate({ regions: ["us-east-1", "us-east-1"] }), {
      message: 'Certificate "names": regions: us-east-1 is given twice; allowed: each once',
    });
    await assert.rejects(certificate({ otherDomains: ["shop.example.com"] }), {
      message: 'Certificate "names": domain and otherDomains: shop.example.com is given twice; allowed: each once',
    });
  });
});
