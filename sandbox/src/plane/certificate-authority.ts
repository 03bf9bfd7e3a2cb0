import "./reflect-metadata.ts";
import * as x509 from "@peculiar/x509";
import { createHash, createPrivateKey, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY = 24 * 60 * 60 * 1000;
/** macOS refuses server certificates that live longer (support.apple.com/103769). */
const LEAF_DAYS = 825;
const AUTHORITY_DAYS = 3650;
/** A leaf this close to its end is issued anew. */
const RENEW_DAYS = 30;

/** A certificate and its key, as PEM files. */
export interface IssuedCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/** The sandbox's own certificate authority. Its key never leaves `<home>/trust`; nothing on the machine trusts it unless told to by `NODE_EXTRA_CA_CERTS` or the like. */
export class CertificateAuthority {
  private readonly folder: string;
  private authority: Promise<Authority> | undefined;

  constructor(home: string) {
    this.folder = join(home, "trust");
  }

  /** Path of the authority's certificate (PEM). The file is there once {@link prepare} or {@link issue} has resolved. */
  caFile(): string {
    return join(this.folder, "ca.pem");
  }

  /** Makes the authority if this home has none yet. */
  async prepare(): Promise<void> {
    await this.load();
  }

  /** A server certificate for these names, `localhost` and 127.0.0.1: the stored one, or a new one where there is none or it ends within a month. */
  async issue(names: string[]): Promise<IssuedCertificate> {
    const authority = await this.load();
    const wanted = [...new Set([...names, "localhost"])].sort();
    const stem = createHash("sha256").update(wanted.join("\n")).digest("hex").slice(0, 20);
    const files = { certFile: join(this.folder, `${stem}.pem`), keyFile: join(this.folder, `${stem}.key`) };
    if (isFresh(files, authority)) return files;
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      // A common name holds 64 characters at most (RFC 5280, ub-common-name); clients read the alternative names only.
      subject: `CN=${(wanted[0] ?? "localhost").slice(0, 64)}`,
      issuer: authority.certificate.subject,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + LEAF_DAYS * DAY),
      publicKey: keys.publicKey,
      signingKey: authority.key,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          ...wanted.map((name) => ({ type: "dns" as const, value: name })),
          { type: "ip", value: "127.0.0.1" },
        ]),
        await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
      ],
    });
    await this.store(files, certificate, keys.privateKey);
    return files;
  }

  private load(): Promise<Authority> {
    this.authority ??= this.open();
    return this.authority;
  }

  private async open(): Promise<Authority> {
    mkdirSync(this.folder, { recursive: true, mode: 0o755 });
    const files = { certFile: this.caFile(), keyFile: join(this.folder, "ca.key") };
    if (existsSync(files.certFile) && existsSync(files.keyFile)) {
      const der = x509.PemConverter.decodeFirst(readFileSync(files.keyFile, "utf8"));
      return {
        certificate: new x509.X509Certificate(readFileSync(files.certFile, "utf8")),
        key: await webcrypto.subtle.importKey("pkcs8", der, ALGORITHM, true, ["sign"]),
      };
    }
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: `CN=Platform sandbox ${randomBytes(3).toString("hex")}`,
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + AUTHORITY_DAYS * DAY),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    await this.store(files, certificate, keys.privateKey);
    return { certificate, key: keys.privateKey };
  }

  /** The certificate is renamed into place last: where it stands, its key is whole. */
  private async store(files: IssuedCertificate, certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<void> {
    const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", key);
    writeFileSync(files.keyFile, `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`, { mode: 0o600 });
    chmodSync(files.keyFile, 0o600);
    const partial = `${files.certFile}.part`;
    writeFileSync(partial, `${certificate.toString("pem")}\n`, { mode: 0o644 });
    renameSync(partial, files.certFile);
  }
}

/** Whether a stored certificate is this authority's, goes with its key, and lasts. A damaged one, or one cut off from its key in a renewal, does not. */
function isFresh(files: IssuedCertificate, authority: Authority): boolean {
  try {
    const certificate = new X509Certificate(readFileSync(files.certFile));
    const issuer = new X509Certificate(authority.certificate.toString("pem"));
    return (
      certificate.verify(issuer.publicKey) &&
      certificate.checkPrivateKey(createPrivateKey(readFileSync(files.keyFile))) &&
      Date.parse(certificate.validTo) > Date.now() + RENEW_DAYS * DAY
    );
  } catch {
    return false;
  }
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function serial(): string {
  // The first bit stays clear: a serial number is a positive integer.
  return `01${randomBytes(15).toString("hex")}`;
}
