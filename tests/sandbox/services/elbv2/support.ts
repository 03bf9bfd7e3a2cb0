import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderCloudInit } from "../../../../components/compute/cloud-init.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { reach } from "../../../../sandbox/src/plane/workload-server.ts";
import { acmDefinitions } from "../../../../sandbox/src/services/acm/index.ts";
import { ec2Definitions } from "../../../../sandbox/src/services/ec2/index.ts";
import { serverOf } from "../../../../sandbox/src/services/ec2/instance-server.ts";
import { balancingOf } from "../../../../sandbox/src/services/elbv2/balancing.ts";
import { elbv2Definitions } from "../../../../sandbox/src/services/elbv2/index.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { route53Definitions } from "../../../../sandbox/src/services/route53/index.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { REGION, Stack } from "../../support/cloud.ts";
import { AMI, Ec2Fixture, type as ec2Type } from "../ec2/support.ts";

export const type = {
  ...ec2Type,
  attachment: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  balancer: "aws:lb/loadBalancer:LoadBalancer",
  bucket: "aws:s3/bucket:Bucket",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  certificate: "aws:acm/certificate:Certificate",
  listener: "aws:lb/listener:Listener",
  record: "aws:route53/record:Record",
  rule: "aws:lb/listenerRule:ListenerRule",
  targets: "aws:lb/targetGroup:TargetGroup",
  zone: "aws:route53/zone:Zone",
} as const;

/** What the program in the image `web` answers with. */
export interface Answer {
  readonly label: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a program is told past the load balancer, and what it does then. */
type Word =
  /** Checks get 500. */
  | "/ill"
  /** Checks get 200 again. */
  | "/well"
  /** Answers once a request for `/slow` waits. */
  | "/asked"
  /** Answers the request for `/slow` that waits. */
  | "/go";

const PROGRAM = `
  let status = 200;
  const gate = () => { let open; const opened = new Promise((resolve) => { open = resolve; }); return { open, opened }; };
  const [asked, go] = [gate(), gate()];
  require("node:http").createServer(async ({ headers, url }, response) => {
    if (url === "/ill") status = 500;
    if (url === "/well") status = 200;
    if (url === "/health") return response.writeHead(status).end();
    if (url === "/go") go.open();
    if (url === "/asked") await asked.opened;
    if (url === "/slow") { asked.open(); await go.opened; }
    response.end(JSON.stringify({ label: process.env.LABEL, url, headers }));
  }).listen(process.env.PORT, process.env.HOST);
`;

/** A cloud that serves load balancers and what they stand on. */
export class ElbFixture extends Ec2Fixture {
  override readonly stack: Stack = new Stack(this.cloud, [
    ...acmDefinitions,
    ...ec2Definitions,
    ...elbv2Definitions,
    ...iamDefinitions,
    ...kmsDefinitions,
    ...route53Definitions,
    ...s3Definitions,
  ]);

  get balancing(): ReturnType<typeof balancingOf> {
    return balancingOf(this.cloud);
  }

  /** A VPC that reaches the internet, with subnets in the zones a and b. */
  async zones(cidrBlock = "10.0.0.0/16"): Promise<{ vpc: Resource; subnets: [Resource, Resource] }> {
    const { vpc, subnet } = await this.network(cidrBlock);
    return { vpc, subnets: [subnet, await this.subnet(vpc, 1, "b")] };
  }

  balancer(subnets: readonly Resource[], inputs: Props = {}): Promise<Resource> {
    return this.create(type.balancer, { name: "web", subnets: subnets.map(({ id }) => id), ...inputs });
  }

  /** A group whose targets are asked for `/health` every 10 seconds, and change their mind at the second time. */
  group(vpc: Resource, inputs: Props = {}): Promise<Resource> {
    const healthCheck = { path: "/health", interval: 10, timeout: 5, healthyThreshold: 2, unhealthyThreshold: 2 };
    return this.create(type.targets, { name: "web", port: 8080, protocol: "HTTP", vpcId: vpc.id, healthCheck, ...inputs });
  }

  /** A listener that sends everything to the group. */
  listener(balancer: Resource, group: Resource, inputs: Props = {}): Promise<Resource> {
    const defaultActions = [{ type: "forward", targetGroupArn: group.id }];
    return this.create(type.listener, { loadBalancerArn: balancer.id, port: 80, defaultActions, ...inputs });
  }

  /** A server whose program answers with that label at port 8080. */
  server(subnet: Resource, label: string, environment: Record<string, string> = {}): Promise<Resource> {
    const app = { PORT: "8080", HOST: "0.0.0.0", LABEL: label, ...environment };
    const units = [{ name: "app", description: "The product", image: "web:1", environment: app }];
    const userData = renderCloudInit({ units, logs: { region: REGION, group: "/platform/web" } });
    return this.create(type.instance, { ami: AMI, instanceType: "t4g.small", subnetId: subnet.id, userData });
  }

  attach(group: Resource, server: Resource, inputs: Props = {}): Promise<Resource> {
    return this.create(type.attachment, { targetGroupArn: group.id, targetId: server.id, ...inputs });
  }

  override async withImage(): Promise<void> {
    const folder = join(this.cloud.project, "apps", "web");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Dockerfile"), 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.cjs"]\n');
    writeFileSync(join(folder, "server.cjs"), PROGRAM);
    await this.cloud.trust.prepare();
  }

  /** The URL of a port of a load balancer on this machine. */
  url(balancer: Resource, port = 80): string {
    const local = this.cloud.addresses.resolve(`${text(balancer.outputs, "dnsName")}:${port}`);
    return `http://127.0.0.1:${local?.port ?? 0}`;
  }

  /** Who answers at a path of a load balancer; its status where it answers itself. */
  async ask(balancer: Resource, path = "/", init: RequestInit = {}): Promise<Answer | number> {
    const response = await fetch(this.url(balancer) + path, { redirect: "manual", ...init });
    const body = await response.text();
    return body.startsWith("{") ? (JSON.parse(body) as Answer) : response.status;
  }

  /** Tells the program of a server something, past the load balancer. */
  async tell(server: Resource, word: Word): Promise<void> {
    await fetch(`http://127.0.0.1:${await reach(this.cloud, serverOf(this.cloud, server), 8080)}${word}`);
  }

  /** Who gets the next so many requests. */
  async labels(balancer: Resource, count: number, path = "/"): Promise<(string | number)[]> {
    const all: (string | number)[] = [];
    for (let time = 0; time < count; time++) {
      const answer = await this.ask(balancer, path);
      all.push(typeof answer === "number" ? answer : answer.label);
    }
    return all;
  }

  /** The states of a group's targets, by their servers. */
  states(group: Resource): Record<string, string> {
    return Object.fromEntries(this.balancing.health(group.id).map(({ id, state }) => [id, state]));
  }

  /** Lets so many intervals between two checks pass, and looks each time. */
  async intervals(count: number): Promise<void> {
    for (let time = 0; time < count; time++) {
      this.cloud.pass(10_000);
      await this.balancing.check();
    }
  }

  override async end(): Promise<void> {
    await this.balancing.close();
    await super.end();
  }
}
