import { stringify } from "yaml";

/** A container that the server keeps running, as one systemd unit. */
export interface ContainerUnit {
  /** Name of the unit and of its container. */
  readonly name: string;
  /** What people read in `systemctl status`. */
  readonly description: string;
  readonly image: string;
  /** @default - the image's own command */
  readonly command?: readonly string[];
  /** Environment of the container, one line each. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Bind mounts and volumes, as `docker run -v` takes them. @default - none */
  readonly volumes?: readonly string[];
  /** Commands that must succeed before each start, in words. @default - none */
  readonly before?: readonly (readonly string[])[];
  /** Seconds that it has to end what it began, once it is told to stop. @default - the 10 s of `docker stop` */
  readonly stopSeconds?: number;
}

/** What a server is made of. */
export interface CloudInit {
  readonly units: readonly ContainerUnit[];
  /** Where the containers' output goes: a CloudWatch log group, one stream a unit. */
  readonly logs: { readonly region: string; readonly group: string };
  /** Hosts of ECR registries to which the server signs in with its role. @default - none */
  readonly registries?: readonly string[];
  /** Further files. @default - none */
  readonly files?: readonly WrittenFile[];
  /** Further commands, run once when all units have been started. @default - none */
  readonly commands?: readonly string[];
}

/** A file that the server is given before anything of it runs. */
export interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}

/**
 * The user data of a server: a `#cloud-config` that writes an environment file and a systemd unit for each container, and starts them.
 *
 * Throws a RangeError for a value that would break out of its line.
 */
export function renderCloudInit(server: CloudInit): string {
  const { commands = [], files = [], registries = [], units } = server;
  const packages = registries.length > 0 ? "docker amazon-ecr-credential-helper" : "docker";
  const config = {
    write_files: [...units.flatMap((unit) => unitFiles(unit, server.logs)), ...registryFiles(registries), ...files],
    // Amazon Linux keeps its packages in S3, which the network reaches before the server has a public address.
    runcmd: [
      `dnf install --assumeyes ${packages}`,
      "systemctl enable --now docker",
      ...units.map(({ name }) => `systemctl enable --now ${name}`),
      ...commands,
    ],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

function unitFiles(unit: ContainerUnit, logs: CloudInit["logs"]): WrittenFile[] {
  const service = { path: `/etc/systemd/system/${unit.name}.service`, permissions: "0644", content: serviceFile(unit, logs) };
  if (unit.environment === undefined) return [service];
  return [{ path: environmentPath(unit), permissions: "0600", content: environmentFile(unit.environment) }, service];
}

function registryFiles(registries: readonly string[]): WrittenFile[] {
  if (registries.length === 0) return [];
  const credHelpers = Object.fromEntries(registries.map((host) => [host, "ecr-login"]));
  return [{ path: "/root/.docker/config.json", permissions: "0600", content: `${JSON.stringify({ credHelpers })}\n` }];
}

function environmentPath({ name }: ContainerUnit): string {
  return `/etc/platform/${name}.env`;
}

/** The format of `docker run --env-file`: no quoting, a value runs to the end of its line. */
function environmentFile(environment: Readonly<Record<string, string>>): string {
  const lines = Object.entries(environment).map(([key, value]) => {
    if (/[\r\n]/.test(value)) throw new RangeError(`the value of ${key} holds a line break; allowed: one line`);
    return `${key}=${value}\n`;
  });
  return lines.join("");
}

function serviceFile(unit: ContainerUnit, logs: CloudInit["logs"]): string {
  return [
    "[Unit]",
    `Description=${unit.description}`,
    "Requires=docker.service",
    "After=docker.service network-online.target",
    "Wants=network-online.target",
    // Without this systemd gives up after five quick failures, and a registry that is down for a minute would keep the site down.
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Environment=HOME=/root",
    // A container left over from a crash of the machine holds the name.
    `ExecStartPre=-/usr/bin/docker rm --force ${unit.name}`,
    ...(unit.before ?? []).map((command) => `ExecStartPre=${line(command)}`),
    `ExecStart=${line(dockerRun(unit, logs))}`,
    ...stopLines(unit),
    "Restart=always",
    "RestartSec=5",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}

function stopLines({ name, stopSeconds }: ContainerUnit): string[] {
  if (stopSeconds === undefined) return [`ExecStop=/usr/bin/docker stop ${name}`];
  // systemd's own patience ends after 90 s, so it has to be told as well.
  return [`ExecStop=/usr/bin/docker stop --time ${stopSeconds} ${name}`, `TimeoutStopSec=${stopSeconds + 15}`];
}

function dockerRun(unit: ContainerUnit, logs: CloudInit["logs"]): string[] {
  return [
    "/usr/bin/docker",
    "run",
    "--rm",
    "--name",
    unit.name,
    "--network",
    "host",
    ...(unit.environment === undefined ? [] : ["--env-file", environmentPath(unit)]),
    "--log-driver=awslogs",
    "--log-opt",
    `awslogs-region=${logs.region}`,
    "--log-opt",
    `awslogs-group=${logs.group}`,
    "--log-opt",
    `awslogs-stream=${unit.name}`,
    ...(unit.volumes ?? []).flatMap((volume) => ["-v", volume]),
    unit.image,
    ...(unit.command ?? []),
  ];
}

/** A command line for systemd, in which blanks, quotes, `%` and `$` have a meaning of their own. */
function line(words: readonly string[]): string {
  for (const word of words) {
    if (!/^[\w./:@=,+-]+$/.test(word))
      throw new RangeError(`"${word}" can't stand in a unit's command; allowed: letters, digits and . / : @ = , + - _`);
  }
  return words.join(" ");
}
