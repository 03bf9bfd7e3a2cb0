import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { renderCloudInit } from "../../../../components/compute/cloud-init.ts";
import type { Resource, ResourceDefinition } from "../../../../sandbox/src/core/definition.ts";
import { isProps, type Props, text } from "../../../../sandbox/src/core/values.ts";
import { reach } from "../../../../sandbox/src/plane/workload-server.ts";
import { workloadName } from "../../../../sandbox/src/plane/workload.ts";
import { acmDefinitions } from "../../../../sandbox/src/services/acm/index.ts";
import { activitiesOf } from "../../../../sandbox/src/services/autoscaling/activities.ts";
import { type Fleet, fleetOf } from "../../../../sandbox/src/services/autoscaling/fleet.ts";
import { autoscalingDefinitions } from "../../../../sandbox/src/services/autoscaling/index.ts";
import { type Member, membersOf } from "../../../../sandbox/src/services/autoscaling/members.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { closeCloudWatch } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { ec2Definitions } from "../../../../sandbox/src/services/ec2/index.ts";
import { INSTANCE, serverOf } from "../../../../sandbox/src/services/ec2/instance-server.ts";
import { elbv2Definitions } from "../../../../sandbox/src/services/elbv2/index.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { REGION, Stack } from "../../support/cloud.ts";
import { AMI } from "../ec2/support.ts";
import { ElbFixture, type as elbType } from "../elbv2/support.ts";

export const type = {
  ...elbType,
  servers: "aws:autoscaling/group:Group",
  alarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  attach: "aws:autoscaling/attachment:Attachment",
  policy: "aws:autoscaling/policy:Policy",
  schedule: "aws:autoscaling/schedule:Schedule",
  hook: "aws:autoscaling/lifecycleHook:LifecycleHook",
} as const;

const served: readonly ResourceDefinition[] = [
  ...acmDefinitions,
  ...autoscalingDefinitions,
  ...cloudwatchDefinitions,
  ...ec2Definitions,
  ...elbv2Definitions,
  ...iamDefinitions,
  ...kmsDefinitions,
];

/** A second between two looks. */
const LOOK_MS = 1000;

/** A cloud that serves groups of servers and load balancers. Its clock moves by a second between two looks, and no look waits for it. */
export class AsgFixture extends ElbFixture {
  override readonly stack: Stack = new Stack(this.cloud, served);
  fleet: Fleet = this.openFleet();

  private openFleet(): Fleet {
    return fleetOf(this.cloud, { pause: () => this.second(), startMs: 1000 });
  }

  /** What the end of a daemon and the start of the next one do. */
  async restart(): Promise<void> {
    await this.fleet.close();
    await this.cloud.processes.stopAll();
    await this.balancing.close();
    this.fleet = this.openFleet();
    await new Stack(this.cloud, served).engine.resume();
  }

  /** Lets a second pass: what is under way comes to its end, and load balancers look at the health of their targets. */
  async second(): Promise<void> {
    await this.fleet.settled();
    this.cloud.pass(LOOK_MS);
    await this.balancing.check();
    await turn();
  }

  /** Looks after the groups for so many seconds. */
  async seconds(count: number): Promise<void> {
    for (let second = 0; second < count; second++) {
      this.fleet.look();
      await this.second();
    }
    this.fleet.look();
    await this.fleet.settled();
  }

  /** A VPC with subnets in three zones. */
  async three(): Promise<{ vpc: Resource; subnets: Resource[] }> {
    const { subnets, vpc } = await this.zones();
    return { vpc, subnets: [...subnets, await this.subnet(vpc, 2, "c")] };
  }

  /** User data that start a program which answers with that label at port 8080. */
  labelled(label: string, environment: Record<string, string> = {}): string {
    const app = { PORT: "8080", HOST: "0.0.0.0", LABEL: label, ...environment };
    const units = [{ name: "app", description: "The product", image: "web:1", environment: app }];
    const text = renderCloudInit({ units, logs: { region: REGION, group: "/platform/web" } });
    return Buffer.from(text).toString("base64");
  }

  /** A launch template whose servers run the program `label`; nothing runs on them without one. */
  template(label?: string, inputs: Props = {}): Promise<Resource> {
    return this.create(type.template, {
      imageId: AMI,
      instanceType: "t4g.small",
      ...(label !== undefined && { userData: this.labelled(label) }),
      ...inputs,
    });
  }

  /** The inputs of a group of one to four servers over these subnets. */
  inputs(template: Resource, subnets: readonly Resource[], inputs: Props = {}): Props {
    return {
      name: "web",
      minSize: 1,
      maxSize: 4,
      launchTemplate: { id: template.id, version: "1" },
      vpcZoneIdentifiers: subnets.map(({ id }) => id),
      ...inputs,
    };
  }

  servers(template: Resource, subnets: readonly Resource[], inputs: Props = {}): Promise<Resource> {
    return this.create(type.servers, this.inputs(template, subnets, inputs));
  }

  members(group: Resource): Member[] {
    return membersOf(this.cloud, group);
  }

  /** The ids of the instances in service, oldest first. */
  inService(group: Resource): string[] {
    return this.members(group).flatMap(({ id, state }) => (state === "InService" ? [id] : []));
  }

  /** The zones of the instances that are in service, as letters in order. */
  zonesOf(group: Resource): string {
    return this.members(group)
      .flatMap(({ state, zone }) => (state === "InService" ? [zone.slice(-1)] : []))
      .sort()
      .join("");
  }

  instance(id: string): Resource {
    const row = this.cloud.world.get(INSTANCE, id, REGION);
    if (row === undefined) throw new Error(`there is no instance ${id}`);
    return row;
  }

  /** The causes of a group's activities, without their times, oldest first. */
  causes(group: Resource): string[] {
    return activitiesOf(this.cloud, group).map(({ cause }) => cause.replace(/^At \S+ /, ""));
  }

  /** What the program of an instance answers with. */
  async label(id: string): Promise<string> {
    const port = await reach(this.cloud, serverOf(this.cloud, this.instance(id)), 8080);
    const answer: unknown = await (await fetch(`http://127.0.0.1:${port}/`)).json();
    return isProps(answer as Props) ? text(answer as Props, "label") : "";
  }

  /** Lets the image end at once whenever it is started, and kills the program of an instance. Resolves when it is down. */
  async ruin(id: string): Promise<void> {
    writeFileSync(join(this.cloud.project, "apps", "web", "server.cjs"), "process.exit(1);\n");
    const name = workloadName(id, "app");
    this.cloud.processes.kill(name);
    while (this.cloud.processes.list().find((process) => process.name === name)?.state === "ready") await turn();
  }

  override async end(): Promise<void> {
    await this.fleet.close();
    closeCloudWatch(this.cloud);
    await super.end();
  }
}
