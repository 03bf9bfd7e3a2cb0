import type { ContainerUnit } from "./cloud-init.ts";

/** The port of the product on the server; reached through the proxy only. */
export const APP_PORT = 8080;

/** The proxy that obtains and renews the certificate by itself. Mirrored by Amazon, so that pulls meet no rate limit. */
const PROXY_IMAGE = "public.ecr.aws/docker/library/caddy:2.10.2";

/** Where the server keeps the certificates of Aurora's own authority, which no system trusts by itself. */
const DATABASE_TRUST = "/etc/platform/rds-ca.pem";

/** Gives up soon and tries again: the server's address may arrive a little after the server. */
const CURL = ["--fail", "--silent", "--show-error", "--connect-timeout", "5", "--retry", "5"];

/** The product itself. */
export function appUnit(image: string, environment: Readonly<Record<string, string>>, region: string): ContainerUnit {
  const bundle = `https://truststore.pki.rds.amazonaws.com/${region}/${region}-bundle.pem`;
  return {
    name: "app",
    description: "The product",
    image,
    environment: { PORT: String(APP_PORT), HOST: "127.0.0.1", NODE_EXTRA_CA_CERTS: DATABASE_TRUST, ...environment },
    volumes: [`${DATABASE_TRUST}:${DATABASE_TRUST}:ro`],
    before: [["/usr/bin/curl", ...CURL, "--output", DATABASE_TRUST, bundle]],
  };
}

/** The way in from the internet: TLS for the domain, or plain HTTP as long as there is none. */
export function proxyUnit(domain: string | undefined): ContainerUnit {
  const from = domain === undefined ? ":80" : `https://${domain}`;
  return {
    name: "tls",
    description: "The way in from the internet",
    image: PROXY_IMAGE,
    command: ["caddy", "reverse-proxy", "--from", from, "--to", `127.0.0.1:${APP_PORT}`],
    // The certificate survives a restart of the container.
    volumes: ["caddy-data:/data"],
  };
}
