import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { renderCloudInit } from "../../../../components/compute/cloud-init.ts";
import { agentSettings } from "../../../../components/compute/host-metrics.ts";
import { appUnit, proxyUnit } from "../../../../components/compute/server-units.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { type Metrics, startMetrics } from "../../../../sandbox/src/daemon/metrics.ts";
import { closeDoors } from "../../../../sandbox/src/plane/doors.ts";
import { ec2ActionsDone } from "../../../../sandbox/src/services/cloudwatch/alarm-ec2-action.ts";
import { alarmStates } from "../../../../sandbox/src/services/cloudwatch/alarm-states.ts";
import { type Alarms, startAlarms } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { statisticSeries } from "../../../../sandbox/src/services/cloudwatch/metric-data.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { telemetry } from "../../../../sandbox/src/services/cloudwatch/telemetry.ts";
import { definitions } from "../../../../sandbox/src/services/index.ts";
import { closeDatabases } from "../../../../sandbox/src/services/rds/index.ts";
import { policyOf, TRUST_EC2 } from "../../support/api.ts";
import { REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

const MINUTE_MS = 60_000;

/** The role statement that the platform gives its servers for the agent. */
export const PUBLISH = {
  Action: "cloudwatch:PutMetricData",
  Resource: "*",
  Condition: { StringEquals: { "cloudwatch:namespace": "CWAgent" } },
};

/** A configuration of the agent, as its parameter holds it. */
export function settingsOf(metrics: object, agent: object = {}): string {
  return JSON.stringify({ agent, metrics });
}

/** What was noted of associations and the agent. */
export function agentNotes({ notes }: Pick<TestCloud, "notes">): string[] {
  return notes.filter((note) => /association|CloudWatch agent|Systems Manager/.test(note));
}

/** The containers that the agent of the platform has counted in the last minute. */
export function countOf(world: MeasuredCloud, { id }: Resource): number | undefined {
  return world.points("CWAgent", "procstat_lookup_pid_count", { InstanceId: id })[0];
}

/** What a server of {@link MeasuredCloud} may be. */
export interface ServerOptions {
  readonly instanceType?: string;
  /** Whether EC2 publishes the processor every minute. @default true */
  readonly monitoring?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  /** Statements of its role. @default {@link PUBLISH} */
  readonly statements?: readonly object[];
  /** AWS-managed policies of its role. @default AmazonSSMManagedInstanceCore */
  readonly managed?: readonly string[];
  /** @default - the product behind its proxy */
  readonly userData?: string;
}

/** A cloud with every service, whose metrics and alarms are looked at when the test says that a minute has passed. */
export class MeasuredCloud {
  readonly project = mkdtempSync(join(tmpdir(), "sandbox-checkout-"));
  readonly cloud: TestCloud = testCloud({
    project: this.project,
    putMetric: (...point) => {
      putMetric(this.cloud, ...point);
    },
  });
  readonly stack = new Stack(this.cloud, definitions);
  #metrics: Metrics | undefined;
  #alarms: Alarms | undefined;
  #subnet: Resource | undefined;
  #made = 0;

  /** Puts the image `web` where the sandbox looks for images; it starts as long as it is there. */
  async prepare(): Promise<void> {
    const folder = join(this.project, "apps", "web");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Dockerfile"), 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.cjs"]\n');
    this.mend();
    await this.cloud.trust.prepare();
  }

  /** What the program is started from goes: once it has died it cannot come back. */
  break(): void {
    rmSync(join(this.project, "apps", "web", "server.cjs"));
  }

  mend(): void {
    const answer = "(_, response) => response.end(String(process.pid))";
    writeFileSync(
      join(this.project, "apps", "web", "server.cjs"),
      `require("node:http").createServer(${answer}).listen(process.env.PORT, process.env.HOST);\n`,
    );
  }

  create(type: string, inputs: Props = {}): Promise<Resource> {
    return this.stack.create(type, `r${++this.#made}`, inputs);
  }

  /** The subnet of all servers, in zone a. */
  async subnet(): Promise<Resource> {
    if (this.#subnet !== undefined) return this.#subnet;
    const vpc = await this.create("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    return (this.#subnet = await this.subnetOf(vpc.id, 0, "a"));
  }

  private subnetOf(vpcId: string, third: number, zone: string): Promise<Resource> {
    const place = { cidrBlock: `10.0.${String(third)}.0/24`, availabilityZone: `${REGION}${zone}` };
    return this.create("aws:ec2/subnet:Subnet", { vpcId, ...place });
  }

  /** An Aurora cluster with one instance, whose PostgreSQL answers when this resolves. */
  async database(cluster: Props = {}, instance: Props = {}): Promise<{ cluster: Resource; writer: Resource }> {
    const first = await this.subnet();
    const second = await this.subnetOf(text(first.outputs, "vpcId"), 1, "b");
    const group = await this.create("aws:rds/subnetGroup:SubnetGroup", { name: "data", subnetIds: [first.id, second.id] });
    const made = await this.create("aws:rds/cluster:Cluster", {
      clusterIdentifier: "shop",
      engine: "aurora-postgresql",
      databaseName: "shop",
      dbSubnetGroupName: group.id,
      masterUsername: "shop_admin",
      masterPassword: "a-Password-of-the-test",
      serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 8 },
      skipFinalSnapshot: true,
      ...cluster,
    });
    const writer = await this.create("aws:rds/clusterInstance:ClusterInstance", {
      identifier: "shop-1",
      clusterIdentifier: made.id,
      engine: "aurora-postgresql",
      instanceClass: "db.serverless",
      ...instance,
    });
    return { cluster: made, writer };
  }

  /** A connection of the master's. */
  async connect(cluster: Resource): Promise<pg.Client> {
    const host = text(cluster.outputs, "endpoint");
    const local = this.cloud.addresses.resolve(`${host}:5432`);
    const client = new pg.Client({
      host: local?.host ?? "",
      port: local?.port ?? 0,
      user: "shop_admin",
      password: "a-Password-of-the-test",
      database: "shop",
      ssl: { ca: readFileSync(this.cloud.trust.caFile(), "utf8"), servername: host },
    });
    client.on("error", () => undefined); // Its server is ended with the cloud.
    await client.connect();
    return client;
  }

  /** The user data of the platform's own servers: the image `web` behind the proxy. */
  userData(): string {
    return renderCloudInit({
      units: [appUnit("ghcr.io/example/web:1.0.0", {}, REGION), proxyUnit(undefined)],
      logs: { region: REGION, group: "/platform/web" },
    });
  }

  /** A server with a role of its own, whose program takes connections when this resolves. */
  async server(options: ServerOptions = {}): Promise<Resource> {
    const { instanceType = "t4g.small", monitoring = true, tags = { Name: "web" } } = options;
    const { statements = [PUBLISH], managed = ["AmazonSSMManagedInstanceCore"], userData = this.userData() } = options;
    const name = `server-${++this.#made}`;
    await this.create("aws:iam/role:Role", { name, assumeRolePolicy: TRUST_EC2 });
    if (statements.length > 0)
      await this.create("aws:iam/rolePolicy:RolePolicy", { role: name, policy: policyOf(...statements) });
    for (const policy of managed) {
      const policyArn = `arn:aws:iam::aws:policy/${policy}`;
      await this.create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: name, policyArn });
    }
    const profile = await this.create("aws:iam/instanceProfile:InstanceProfile", { name, role: name });
    return this.create("aws:ec2/instance:Instance", {
      ami: "ami-0123456789abcdef0",
      instanceType,
      monitoring,
      subnetId: (await this.subnet()).id,
      iamInstanceProfile: profile.id,
      rootBlockDevice: { volumeSize: 20 },
      tags,
      tagsAll: tags,
      ...(userData !== "" && { userData }),
    });
  }

  /** The parameter and the associations by which the platform installs the agent; `changes` replace any of their inputs. */
  async agent(
    changes: { readonly value?: string; readonly install?: Props; readonly configure?: Props } = {},
  ): Promise<{ parameter: Resource; install: Resource; configure: Resource }> {
    const name = "AmazonCloudWatch-web";
    const value = changes.value ?? JSON.stringify(agentSettings());
    const parameter = await this.create("aws:ssm/parameter:Parameter", { name, type: "String", value });
    return { parameter, ...(await this.associations(name, changes)) };
  }

  async associations(
    location: string,
    { install = {}, configure = {} }: { readonly install?: Props; readonly configure?: Props } = {},
  ): Promise<{ install: Resource; configure: Resource }> {
    const common = { scheduleExpression: "rate(30 minutes)", targets: [{ key: "tag:Name", values: ["web"] }] };
    const type = "aws:ssm/association:Association";
    return {
      install: await this.create(type, {
        ...common,
        name: "AWS-ConfigureAWSPackage",
        parameters: { action: "Install", name: "AmazonCloudWatchAgent" },
        ...install,
      }),
      configure: await this.create(type, {
        ...common,
        name: "AmazonCloudWatch-ManageAgent",
        parameters: { action: "configure", mode: "ec2", optionalConfigurationLocation: location },
        ...configure,
      }),
    };
  }

  /** Starts what the daemon starts. */
  start(): void {
    this.#alarms ??= startAlarms(this.cloud);
    this.#metrics ??= startMetrics(this.cloud);
  }

  /** Lets so many minutes pass, with what the daemon does after each. */
  async minutes(count: number): Promise<void> {
    this.start();
    for (let minute = 0; minute < count; minute++) {
      this.cloud.pass(MINUTE_MS);
      await this.#metrics?.collect();
      this.#alarms?.evaluate();
    }
  }

  /** The data points of the last minutes, oldest first; undefined where there is none. */
  points(namespace: string, name: string, dimensions: Readonly<Record<string, string>>, minutes = 1): (number | undefined)[] {
    const end = this.cloud.now();
    const starts = Array.from({ length: minutes }, (_, index) => end - (minutes - index) * MINUTE_MS);
    const found = statisticSeries(this.cloud, REGION, { namespace, name, dimensions, stat: "Sum" }, { starts, seconds: 60 });
    return starts.map((start) => found.get(start));
  }

  /** Every metric of a namespace as `name{dimension,...}`, sorted. */
  names(namespace: string): string[] {
    const own = telemetry(this.cloud)
      .metrics.list(0)
      .filter((series) => series.namespace === namespace);
    return own.map(({ name, dimensions }) => `${name}{${Object.keys(dimensions).sort().join(",")}}`).sort();
  }

  /** The units of a namespace's metrics, by their names. */
  units(namespace: string): Record<string, string> {
    const own = telemetry(this.cloud)
      .metrics.list(0)
      .filter((series) => series.namespace === namespace);
    return Object.fromEntries(own.map(({ name, unit }) => [name, unit]));
  }

  alarms(): Record<string, string> {
    return Object.fromEntries(alarmStates(this.cloud).map(({ name, state }) => [name, state]));
  }

  /** The number of the process that plays a server's product; undefined while it does not run. */
  pidOf(server: Resource): number | undefined {
    return this.cloud.processes.list().find(({ name }) => name === `app-${server.id}`)?.pid;
  }

  async end(): Promise<void> {
    await this.#metrics?.close();
    await ec2ActionsDone(this.cloud);
    this.#alarms?.close();
    await closeDoors(this.cloud);
    await closeDatabases(this.cloud);
    await this.cloud.end();
    rmSync(this.project, { recursive: true });
  }
}
