import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appUnit, proxyUnit } from "../../../../components/compute/server-units.ts";
import { renderCloudInit } from "../../../../components/compute/cloud-init.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { closeDoors, doors } from "../../../../sandbox/src/plane/doors.ts";
import { ec2Definitions } from "../../../../sandbox/src/services/ec2/index.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { TRUST_EC2 } from "../../support/api.ts";
import { REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  address: "aws:ec2/eip:Eip",
  association: "aws:ec2/eipAssociation:EipAssociation",
  encryption: "aws:ebs/encryptionByDefault:EncryptionByDefault",
  gateway: "aws:ec2/internetGateway:InternetGateway",
  group: "aws:ec2/securityGroup:SecurityGroup",
  instance: "aws:ec2/instance:Instance",
  interface: "aws:ec2/networkInterface:NetworkInterface",
  key: "aws:kms/key:Key",
  metadataDefaults: "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
  nat: "aws:ec2/natGateway:NatGateway",
  profile: "aws:iam/instanceProfile:InstanceProfile",
  role: "aws:iam/role:Role",
  subnet: "aws:ec2/subnet:Subnet",
  template: "aws:ec2/launchTemplate:LaunchTemplate",
  volume: "aws:ebs/volume:Volume",
  volumeAttachment: "aws:ec2/volumeAttachment:VolumeAttachment",
  vpc: "aws:ec2/vpc:Vpc",
} as const;

export const AMI = "ami-0123456789abcdef0";

/** What the program in the image `web` answers with. */
export interface Answer {
  readonly label: string;
  readonly pid: number;
}

/** A cloud that serves EC2, in a checkout of its own whose images are none at first. */
export class Ec2Fixture {
  private readonly project = mkdtempSync(join(tmpdir(), "sandbox-checkout-"));
  readonly cloud: TestCloud = testCloud({ project: this.project });
  readonly stack: Stack = new Stack(this.cloud, [...ec2Definitions, ...iamDefinitions, ...kmsDefinitions]);
  #made = 0;

  /** A VPC that reaches the internet, with a subnet in zone a. */
  async network(cidrBlock = "10.0.0.0/16"): Promise<{ vpc: Resource; subnet: Resource }> {
    const vpc = await this.create(type.vpc, { cidrBlock });
    await this.create(type.gateway, { vpcId: vpc.id });
    return { vpc, subnet: await this.subnet(vpc) };
  }

  subnet(vpc: Resource, third = 0, zone = "a"): Promise<Resource> {
    return this.create(type.subnet, { vpcId: vpc.id, cidrBlock: `10.0.${third}.0/24`, availabilityZone: `${REGION}${zone}` });
  }

  create(token: string, inputs: Props = {}): Promise<Resource> {
    return this.stack.create(token, `r${++this.#made}`, inputs);
  }

  /** Every fault that check finds, each as `property: reason`. */
  faults(token: string, inputs: Props): string[] {
    return this.stack.faults(token, "r", inputs);
  }

  /** Paths of the inputs whose change would replace the resource. */
  replacing(token: string, before: Props, now: Props): string[] {
    const { changes } = this.stack.engine.diff(token, before, now);
    return changes.filter(({ replace }) => replace).map(({ path }) => path);
  }

  /** A role that EC2 may take, and its profile. */
  async profile(name = "server"): Promise<Resource> {
    const role = await this.create(type.role, { name, assumeRolePolicy: TRUST_EC2 });
    return this.create(type.profile, { name, role: role.id });
  }

  /** The resource as the world has it now. */
  now(row: Resource): Resource | undefined {
    return this.cloud.world.get(row.type, row.id, row.region);
  }

  /** The user data of the platform's own servers: the image `web` behind the proxy. */
  userData(environment: Record<string, string> = {}, domain?: string): string {
    const units = [appUnit("ghcr.io/example/web:1.0.0", { LABEL: "one", ...environment }, REGION), proxyUnit(domain)];
    return renderCloudInit({ units, logs: { region: REGION, group: "/platform/web" } });
  }

  /** Puts the image `web` where the sandbox looks for images: a program that answers with its label and its process. */
  async withImage(): Promise<void> {
    const folder = join(this.project, "apps", "web");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Dockerfile"), 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.cjs"]\n');
    const answer = "response.end(JSON.stringify({ label: process.env.LABEL, pid: process.pid }))";
    writeFileSync(
      join(folder, "server.cjs"),
      `require("node:http").createServer((_, response) => ${answer}).listen(process.env.PORT, process.env.HOST);\n`,
    );
    await this.cloud.trust.prepare();
  }

  /** What stands behind the door of an address; undefined while no door is open. */
  async behind(address: Resource): Promise<Answer | string | undefined> {
    const door = doors(this.cloud).find(({ name }) => name === address.id);
    if (door === undefined) return undefined;
    const response = await fetch(door.url);
    return response.ok ? ((await response.json()) as Answer) : (await response.text()).trim();
  }

  /** What the end of a daemon does to its doors. */
  closeDoors(): Promise<void> {
    return closeDoors(this.cloud);
  }

  async end(): Promise<void> {
    await this.closeDoors();
    await this.cloud.end();
    rmSync(this.project, { recursive: true });
  }
}
