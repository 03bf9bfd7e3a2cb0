import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { REGION } from "../../support/cloud.ts";
import { refused } from "../../support/refused.ts";
import { NamesFixture, type } from "../route53/support.ts";

interface Option {
  readonly domainName: string;
  readonly resourceRecordName: string;
  readonly resourceRecordType: string;
  readonly resourceRecordValue: string;
}

describe("certificates of the sandbox", () => {
  let names: NamesFixture;
  let zone: Resource;
  beforeEach(async () => {
    names = new NamesFixture();
    zone = await names.zone();
  });
  afterEach(() => names.cloud.end());

  const ask = (domainName = "shop.example.org", more: Props = {}): Promise<Resource> =>
    names.create(type.certificate, { domainName, validationMethod: "DNS", ...more });
  const options = ({ outputs }: Resource): Option[] => outputs["domainValidationOptions"] as unknown as Option[];
  const prove = async (certificate: Resource, where = zone): Promise<void> => {
    for (const { resourceRecordName, resourceRecordType, resourceRecordValue } of options(certificate))
      await names.record(where, resourceRecordName, resourceRecordType, [resourceRecordValue], { allowOverwrite: true });
  };
  const wait = (certificate: Resource, more: Props = {}): Promise<Resource> =>
    names.create(type.validation, { certificateArn: certificate.id, ...more });
  const look = async ({ id }: Resource): Promise<Props | undefined> =>
    (await names.stack.engine.read(type.certificate, id, REGION))?.outputs;

  it("wait for a CNAME under each of their names", async () => {
    const certificate = await ask("shop.example.org", { subjectAlternativeNames: ["api.example.org"] });
    assert.match(certificate.id, /^arn:aws:acm:eu-central-1:123456789012:certificate\/[0-9a-f-]{36}$/);
    assert.equal(certificate.outputs["status"], "PENDING_VALIDATION");
    assert.deepEqual(
      options(certificate).map(({ domainName, resourceRecordType }) => [domainName, resourceRecordType]),
      [
        ["shop.example.org", "CNAME"],
        ["api.example.org", "CNAME"],
      ],
    );
    for (const { resourceRecordName, resourceRecordValue, domainName } of options(certificate)) {
      assert.match(resourceRecordName, new RegExp(`^_[0-9a-f]{32}\\.${domainName}\\.$`));
      assert.match(resourceRecordValue, /^_[0-9a-f]{32}\.[0-9a-f]{10}\.acm-validations\.aws\.$/);
    }
  });

  it("ask for the same CNAME again, and one for a name and its wildcard", async () => {
    const [first] = options(await ask("example.org"));
    const [own, wildcard] = options(await ask("example.org", { subjectAlternativeNames: ["*.example.org"] }));
    assert.deepEqual(own, first);
    assert.equal(wildcard?.resourceRecordName, first?.resourceRecordName);
  });

  it("are issued once their records stand, for 198 days from that moment, also when the records are gone", async () => {
    const certificate = await ask();
    await prove(certificate);
    const issued = await look(certificate);
    assert.deepEqual(
      [issued?.["status"], issued?.["notBefore"], issued?.["notAfter"]],
      ["ISSUED", "2026-03-01T12:00:00.000Z", "2026-09-15T12:00:00.000Z"],
    );
    names.cloud.pass(60_000);
    for (const record of names.cloud.world.all(type.record)) await names.stack.delete(record);
    assert.deepEqual(await look(certificate), issued);
  });

  it("are not issued for a record in a private zone, nor for one with another value", async () => {
    const certificate = await ask();
    const vpc = await names.create(type.vpc, { cidrBlock: "10.0.0.0/16" });
    await prove(certificate, await names.zone("example.org", { vpcs: [{ vpcId: vpc.id }] }));
    await names.record(zone, options(certificate)[0]?.resourceRecordName ?? "", "CNAME", ["_1.acm-validations.aws"]);
    assert.equal((await look(certificate))?.["status"], "PENDING_VALIDATION");
  });

  describe("are awaited by their validation", () => {
    it("which is done when the records stand", async () => {
      const certificate = await ask();
      await prove(certificate);
      const fqdns = options(certificate).map(({ resourceRecordName }) => resourceRecordName);
      const { id } = await wait(certificate, { validationRecordFqdns: fqdns });
      assert.match(id, /^2026-03-01T12:00:00\.000Z-[0-9a-f]{8}$/);
      assert.equal(names.cloud.world.get(type.certificate, certificate.id)?.outputs["status"], "ISSUED");
    });

    it("which names the record that is missing", async () => {
      const certificate = await ask();
      const [{ resourceRecordName, resourceRecordValue } = assert.fail()] = options(certificate);
      await refused(
        wait(certificate),
        "ValidationTimeout",
        `waiting for ACM Certificate (${certificate.id}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION'): a public zone has no CNAME ${resourceRecordName} ${resourceRecordValue}`,
      );
    });

    it("which compares the records that the program made with those that ACM asked for", async () => {
      const certificate = await ask("shop.example.org", { subjectAlternativeNames: ["api.example.org"] });
      await prove(certificate);
      const [shop, api] = options(certificate);
      await refused(
        wait(certificate, { validationRecordFqdns: [shop?.resourceRecordName ?? ""] }),
        "InvalidValidationRecords",
        `missing api.example.org DNS validation record: ${api?.resourceRecordName.replace(/\.$/, "") ?? ""}`,
      );
    });

    it("which cannot wait for mail, nor for a certificate that there is not", async () => {
      const certificate = await ask("shop.example.org", { validationMethod: "EMAIL" });
      assert.equal((certificate.outputs["validationEmails"] as string[])[0], "administrator@shop.example.org");
      await refused(wait(certificate), "ValidationTimeout", /it is validated by mail, which nobody reads in the sandbox$/);
      const arn = "arn:aws:acm:eu-central-1:123456789012:certificate/none";
      await refused(
        names.create(type.validation, { certificateArn: arn }),
        "ResourceNotFoundException",
        `Could not find certificate ${arn}.`,
      );
    });
  });

  describe("refuse", () => {
    for (const [inputs, fault] of [
      [
        { domainName: "shop", validationMethod: "DNS" },
        'domainName: "shop" is not a fully qualified domain name, such as www.example.org or *.example.org',
      ],
      [{ domainName: "shop.example.org" }, "domainName: validationMethod must be given: DNS or EMAIL"],
      [
        { domainName: "shop.example.org", validationMethod: "HTTP" },
        'validationMethod: "HTTP" is not one of the allowed values: DNS, EMAIL',
      ],
      [
        { domainName: "shop.example.org", validationMethod: "DNS", subjectAlternativeNames: ["*.*.example.org"] },
        'subjectAlternativeNames[]: "*.*.example.org" is not a fully qualified domain name, such as www.example.org or *.example.org',
      ],
      [
        { certificateBody: "-----BEGIN CERTIFICATE-----" },
        'certificateBody: "-----BEGIN CERTIFICATE-----" is not allowed: the import of a certificate is not served by the sandbox; ask for a certificate by domainName and validationMethod',
      ],
    ] as readonly [Props, string][]) {
      it(JSON.stringify(inputs), () => {
        assert.deepEqual(names.stack.faults(type.certificate, "c", inputs), [fault]);
      });
    }

    it("more names than an account may ask for at first", async () => {
      const subjectAlternativeNames = Array.from({ length: 10 }, (_, at) => `s${at}.example.org`);
      await refused(
        ask("shop.example.org", { subjectAlternativeNames }),
        "LimitExceededException",
        "Error: Requested 11 domain names in a certificate and the limit is 10.",
      );
      await ask("s0.example.org", { subjectAlternativeNames });
    });
  });
});
