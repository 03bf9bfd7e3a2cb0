import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { AddressBook } from "../../../../sandbox/src/plane/address-book.ts";
import { CertificateAuthority } from "../../../../sandbox/src/plane/certificate-authority.ts";
import { Ports } from "../../../../sandbox/src/plane/ports.ts";
import { Supervisor } from "../../../../sandbox/src/plane/supervisor.ts";
import { ec2NetworkDefinitions } from "../../../../sandbox/src/services/ec2/network.ts";
import { iamDefinitions } from "../../../../sandbox/src/services/iam/index.ts";
import { kmsDefinitions } from "../../../../sandbox/src/services/kms/index.ts";
import { closeDatabases, rdsDefinitions } from "../../../../sandbox/src/services/rds/index.ts";
import { secretsmanagerDefinitions } from "../../../../sandbox/src/services/secretsmanager/index.ts";
import { REGION, Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  cluster: "aws:rds/cluster:Cluster",
  clusterParameters: "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  instance: "aws:rds/clusterInstance:ClusterInstance",
  key: "aws:kms/key:Key",
  parameters: "aws:rds/parameterGroup:ParameterGroup",
  proxy: "aws:rds/proxy:Proxy",
  proxyEndpoint: "aws:rds/proxyEndpoint:ProxyEndpoint",
  proxyTarget: "aws:rds/proxyTarget:ProxyTarget",
  proxyTargetGroup: "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  secret: "aws:secretsmanager/secret:Secret",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  snapshot: "aws:rds/clusterSnapshot:ClusterSnapshot",
  subnet: "aws:ec2/subnet:Subnet",
  subnetGroup: "aws:rds/subnetGroup:SubnetGroup",
  vpc: "aws:ec2/vpc:Vpc",
} as const;

/** What most clusters of these tests are. */
export const CLUSTER: Props = {
  clusterIdentifier: "shop",
  engine: "aurora-postgresql",
  engineVersion: "17.4",
  databaseName: "shop",
  dbSubnetGroupName: "data",
  masterUsername: "platform",
  manageMasterUserPassword: true,
  serverlessv2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 4 },
  skipFinalSnapshot: true,
};

/** What most instances are. */
export const INSTANCE: Props = {
  identifier: "shop-1",
  clusterIdentifier: "shop",
  engine: "aurora-postgresql",
  instanceClass: "db.serverless",
};

const served = [...rdsDefinitions, ...ec2NetworkDefinitions, ...iamDefinitions, ...kmsDefinitions, ...secretsmanagerDefinitions];

/** A cloud that serves RDS and what it stands on. Its clock is the real one, as PostgreSQL's is. */
export class RdsFixture {
  cloud: TestCloud = testCloud({ now: Date.now });
  stack: Stack = new Stack(this.cloud, served);
  #made = 0;

  /** What the end of a daemon and the start of the next one do: all processes end, and what should run is started again from what the world remembers. */
  async restartDaemon(): Promise<void> {
    const { home, note, world, processes } = this.cloud;
    await processes.stopAll();
    await closeDatabases(this.cloud);
    const trust = new CertificateAuthority(home);
    await trust.prepare();
    this.cloud = {
      ...this.cloud,
      addresses: new AddressBook(world),
      ports: new Ports(world),
      processes: new Supervisor({ home, note }),
      trust,
    };
    this.stack = new Stack(this.cloud, served);
    this.cloud.processes.sweep();
    await this.stack.engine.resume();
  }

  make(token: string, inputs: Props, name = `r${++this.#made}`): Promise<Resource> {
    return this.stack.create(token, name, inputs);
  }

  /** A VPC with a subnet in each of these zones. */
  async network(zones = ["a", "b", "c"], cidr = "10.0"): Promise<{ readonly vpc: Resource; readonly subnetIds: string[] }> {
    const vpc = await this.make(type.vpc, { cidrBlock: `${cidr}.0.0/16` });
    const subnetIds: string[] = [];
    for (const [index, zone] of zones.entries()) {
      const inputs = { vpcId: vpc.id, cidrBlock: `${cidr}.${index}.0/24`, availabilityZone: `${REGION}${zone}` };
      subnetIds.push((await this.make(type.subnet, inputs)).id);
    }
    return { vpc, subnetIds };
  }

  /** The subnet group `data` over two zones of a new VPC. */
  async subnetGroup(): Promise<{ readonly vpc: Resource; readonly group: Resource }> {
    const { vpc, subnetIds } = await this.network(["a", "b"]);
    return { vpc, group: await this.make(type.subnetGroup, { name: "data", subnetIds }) };
  }

  /** What check says is wrong with a cluster that has this changed; an undefined input is left out. */
  faults(token: string, inputs: Props): string[] {
    return this.stack.faults(token, "r", inputs);
  }

  /** The resource as a reader sees it now. */
  async now(row: Resource): Promise<Props> {
    return (await this.stack.engine.read(row.type, row.id, row.region))?.outputs ?? {};
  }

  /** Deletes the resource as the engine of a program does. */
  delete(row: Resource): Promise<void> {
    return this.stack.delete(row);
  }

  async end(): Promise<void> {
    await this.cloud.processes.stopAll();
    await closeDatabases(this.cloud);
    await this.cloud.end();
  }
}
