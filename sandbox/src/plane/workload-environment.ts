import type { Cloud } from "../core/cloud.ts";
import type { Unit } from "./cloud-init.ts";

/** What the launcher knows about where a program runs. */
export interface Launch {
  readonly region: string;
  /** The role whose credentials the program gets. @default - none */
  readonly roleArn?: string;
  /** The local port that the program is to listen on. */
  readonly port: number;
  /** Local ports behind the ports of the server that it runs on. */
  readonly serverPorts: ReadonlyMap<number, number>;
  /** A folder of its own for what it keeps in its home. */
  readonly homeFolder: string;
}

/** How a server calls itself. */
const SELF = ["127.0.0.1", "localhost"];
const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * The whole environment of a container's program: its image's, then its environment file's with every address of the cloud replaced by the local one,
 * then what the launcher adds, as ECS and EC2 do: the way to its credentials, the API, its port.
 */
export function environmentOf(
  cloud: Cloud,
  unit: Pick<Unit, "environment" | "trustFiles">,
  image: Readonly<Record<string, string>>,
  launch: Launch,
): Record<string, string> {
  const trust = cloud.trust.caFile();
  const local = Object.entries({ ...image, ...unit.environment }).map(([key, value]) => [
    key,
    unit.trustFiles.includes(value) ? trust : translate(cloud, value, launch.serverPorts),
  ]);
  return {
    ...(Object.fromEntries(local) as Record<string, string>),
    ...credentials(cloud, launch.roleArn),
    HOME: launch.homeFolder,
    AWS_ENDPOINT_URL: cloud.apiUrl(),
    AWS_REGION: launch.region,
    // There is no metadata service to ask; without this the SDK would wait for one.
    AWS_EC2_METADATA_DISABLED: "true",
    NODE_EXTRA_CA_CERTS: trust,
    PORT: String(launch.port),
    HOST: "127.0.0.1",
  };
}

function credentials(cloud: Cloud, roleArn: string | undefined): Record<string, string> {
  if (roleArn === undefined) return {};
  const { url, token } = cloud.workloadCredentials(roleArn);
  return { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
}

/** A URL's scheme, host and port; or a `host:port` on its own. */
const ADDRESS = /\b(https?):\/\/([a-z0-9.-]+)(?::(\d{1,5}))?(?![\w.:-])|(?<![\w.-])([a-z0-9][a-z0-9.-]*):(\d{1,5})(?!\d)/gi;

/** The text with the cloud's addresses, and the ports of the server itself, replaced by local ones. What serves HTTP on this machine serves it without TLS. */
function translate(cloud: Cloud, text: string, serverPorts: ReadonlyMap<number, number>): string {
  return text.replaceAll(ADDRESS, (whole, scheme?: string, urlHost?: string, urlPort?: string, host?: string, port?: string) => {
    const name = (urlHost ?? host ?? "").toLowerCase();
    const number = Number(urlPort ?? port ?? DEFAULT_PORTS[scheme?.toLowerCase() ?? ""]);
    const local = SELF.includes(name) ? serverPorts.get(number) : cloud.addresses.resolve(`${name}:${number}`)?.port;
    if (local === undefined) return whole;
    return `${scheme === undefined ? "" : "http://"}127.0.0.1:${local}`;
  });
}
