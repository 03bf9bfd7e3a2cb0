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

/** The text with the cloud's addresses replaced by local ones: URLs, ports of the server itself, and `host:port`. */
function translate(cloud: Cloud, text: string, serverPorts: ReadonlyMap<number, number>): string {
  const urls = text.replaceAll(
    /\b(https?):\/\/([a-z0-9.-]+)(?::(\d+))?(?![\w.:-])/gi,
    (url, scheme: string, host: string, port?: string) => {
      const local = cloud.addresses.resolve(`${host}:${port ?? DEFAULT_PORTS[scheme.toLowerCase()] ?? 0}`);
      // What serves HTTP on this machine serves it without TLS.
      return local === undefined ? url : `http://${local.host}:${local.port}`;
    },
  );
  const own = urls.replaceAll(/(?<![\w.-])(127\.0\.0\.1|localhost):(\d{1,5})(?!\d)/g, (name, host: string, port: string) => {
    const local = serverPorts.get(Number(port));
    return local === undefined ? name : `${host}:${local}`;
  });
  return cloud.addresses.translate(own);
}
