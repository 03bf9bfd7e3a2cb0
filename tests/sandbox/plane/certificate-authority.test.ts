import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect, createServer, type Server } from "node:tls";
import { CertificateAuthority, type IssuedCertificate } from "../../../sandbox/src/plane/certificate-authority.ts";
import { scratch } from "./support.ts";

const NAME = "shop.cluster-c1x2y3z4abcd.eu-central-1.rds.amazonaws.com";

describe("CertificateAuthority", () => {
  let folder: ReturnType<typeof scratch>;
  let authority: CertificateAuthority;
  beforeEach(() => {
    folder = scratch();
    authority = new CertificateAuthority(folder.path);
  });
  afterEach(() => {
    folder.remove();
  });

  const read = (issued: IssuedCertificate): X509Certificate => new X509Certificate(readFileSync(issued.certFile));

  /** What a client finds out that dials a server with this certificate by `servername`: nothing wrong, or an error's code. */
  async function dial(issued: IssuedCertificate, servername: string, ca?: string): Promise<string> {
    const server: Server = createServer({ cert: readFileSync(issued.certFile), key: readFileSync(issued.keyFile) });
    server.on("secureConnection", (socket) => socket.on("error", () => undefined).end("hello"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const client = connect({ host: "127.0.0.1", port, servername, ...(ca !== undefined && { ca }) });
    try {
      await once(client, "secureConnect");
      return "trusted";
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    } finally {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it("issues certificates that a client which trusts the authority accepts, for their names only", async () => {
    const issued = await authority.issue([NAME, "reader.example.com"]);
    const ca = readFileSync(authority.caFile(), "utf8");
    assert.equal(await dial(issued, NAME, ca), "trusted");
    assert.equal(await dial(issued, "reader.example.com", ca), "trusted");
    assert.equal(await dial(issued, "localhost", ca), "trusted");
    assert.equal(await dial(issued, "other.example.com", ca), "ERR_TLS_CERT_ALTNAME_INVALID");
  });

  it("is trusted by nobody who was not told to", async () => {
    assert.equal(await dial(await authority.issue([NAME]), NAME), "UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  });

  it("is another in each sandbox", async () => {
    const other = new CertificateAuthority(join(folder.path, "other"));
    await other.prepare();
    const ca = readFileSync(other.caFile(), "utf8");
    assert.match(await dial(await authority.issue([NAME]), NAME, ca), /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER/);
  });

  it("is good for 127.0.0.1, also under a name that is longer than a common name may be", async () => {
    const long = `${"a".repeat(60)}.${NAME}`;
    const certificate = read(await authority.issue([long]));
    assert.equal(certificate.subjectAltName, `DNS:${long}, DNS:localhost, IP Address:127.0.0.1`);
    assert.equal(certificate.checkHost(long), long);
    assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
    assert.ok(!certificate.ca);
  });

  it("issues the same certificate for the same names, in whichever order, also to the next daemon", async () => {
    const first = await authority.issue(["b.example.com", "a.example.com"]);
    const before = read(first).serialNumber;
    assert.deepEqual(await authority.issue(["a.example.com", "b.example.com", "a.example.com"]), first);
    assert.deepEqual(await new CertificateAuthority(folder.path).issue(["a.example.com", "b.example.com"]), first);
    assert.equal(read(first).serialNumber, before);
    assert.notEqual((await authority.issue(["a.example.com"])).certFile, first.certFile);
  });

  it("keeps keys for their owner, and lets everybody read certificates", async () => {
    const issued = await authority.issue([NAME]);
    const mode = (file: string): number => statSync(file).mode & 0o777;
    assert.deepEqual([mode(issued.keyFile), mode(join(folder.path, "trust", "ca.key"))], [0o600, 0o600]);
    assert.equal(mode(authority.caFile()) & 0o400, 0o400);
  });

  it("lives for ten years, and its certificates for 825 days, the longest that macOS takes", async () => {
    const days = (certificate: X509Certificate): number =>
      Math.round((Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / (24 * 60 * 60 * 1000));
    const certificate = read(await authority.issue([NAME]));
    // Each begins a day ago, for clocks that are behind.
    assert.equal(days(certificate), 826);
    assert.equal(days(new X509Certificate(readFileSync(authority.caFile()))), 3651);
    assert.ok(Date.parse(certificate.validFrom) < Date.now());
  });

  const spoilt: Record<string, (issued: IssuedCertificate, other: IssuedCertificate) => void> = {
    "whose key is another's": (issued, other) => {
      writeFileSync(issued.keyFile, readFileSync(other.keyFile));
    },
    "whose key is gone": (issued) => {
      rmSync(issued.keyFile);
    },
    "that is damaged": (issued) => {
      writeFileSync(issued.certFile, "-----BEGIN CERTIFICATE-----\n");
    },
    "that an authority before this one issued": () => {
      rmSync(join(folder.path, "trust", "ca.key"));
    },
  };
  for (const [what, spoil] of Object.entries(spoilt)) {
    it(`issues a certificate anew ${what}`, async () => {
      const issued = await authority.issue([NAME]);
      spoil(issued, await authority.issue(["other.example.com"]));
      const next = new CertificateAuthority(folder.path);
      assert.equal(await dial(await next.issue([NAME]), NAME, readFileSync(next.caFile(), "utf8")), "trusted");
    });
  }

  it("makes one authority and one certificate when it is asked for them at once", async () => {
    const issued = await Promise.all(Array.from({ length: 5 }, () => authority.issue([NAME])));
    assert.equal(new Set(issued.map(({ certFile }) => certFile)).size, 1);
    const [first] = issued;
    assert.ok(first);
    assert.equal(await dial(first, NAME, readFileSync(authority.caFile(), "utf8")), "trusted");
  });
});
