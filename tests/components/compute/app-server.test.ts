import assert from "node:assert/strict";
import { AppServer, type AppServerArgs } from "../../../components/index.ts";
import { only, record } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { access, database, tags } from "../examples.ts";

const args: AppServerArgs = {
  region: "eu-central-1",
  vpcId: "vpc-1",
  subnetId: "subnet-a",
  amiId: "ami-0123456789abcdef0",
  instanceType: "t4g.small",
  image: "ghcr.io/example/shop:0.1.0",
  environment: { ROLE: "web" },
  access,
  database,
  tags,
};

const server = (changes: Partial<AppServerArgs> = {}) => record(() => new AppServer("web", { ...args, ...changes }));

describe("AppServer", () => {
  it("makes exactly these resources, under the names that deployed stacks know", async () => {
    assert.deepEqual((await server()).map(identity).sort(), [
      "platform:compute:AppServer$aws:ec2/eip:Eip::web-address",
      "platform:compute:AppServer$aws:ec2/eipAssociation:EipAssociation::web-address",
      "platform:compute:AppServer$aws:ec2/instance:Instance::web-instance",
      "platform:compute:AppServer$aws:ec2/launchTemplate:LaunchTemplate::web-template",
      "platform:compute:AppServer$aws:ec2/securityGroup:SecurityGroup::web-access",
      "platform:compute:AppServer$aws:iam/instanceProfile:InstanceProfile::web-profile",
      "platform:compute:AppServer$aws:iam/role:Role::web-role",
      "platform:compute:AppServer$aws:iam/rolePolicy:RolePolicy::web-role-policy",
      "platform:compute:AppServer$aws:iam/rolePolicyAttachment:RolePolicyAttachment::web-role-AmazonSSMManagedInstanceCore",
      "platform:compute:AppServer$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::web-out-database",
      "platform:compute:AppServer$aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::web-out-https",
      "platform:compute:AppServer$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::web-in-http",
      "platform:compute:AppServer$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::web-in-https",
      "platform:compute:AppServer$aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::web-into-database",
      "platform:compute:AppServer$platform:compute:HostMetrics$aws:ssm/association:Association::web-metrics-configure",
      "platform:compute:AppServer$platform:compute:HostMetrics$aws:ssm/association:Association::web-metrics-install",
      "platform:compute:AppServer$platform:compute:HostMetrics$aws:ssm/parameter:Parameter::web-metrics-settings",
      "platform:compute:AppServer$platform:compute:HostMetrics::web-metrics",
      "platform:compute:AppServer::web",
    ]);
  });

  it("makes a new server for each version of its template", async () => {
    assert.deepEqual(only(await server(), "web-instance").replaceOnChanges, ["launchTemplate.version"]);
  });

  it("may pull an image from ECR, and from that repository alone", async () => {
    const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:1";
    const { inputs } = only(await server({ image }), "web-role-policy");
    const { Statement } = JSON.parse(inputs["policy"] as string) as { Statement: { Sid: string; Resource: string }[] };
    assert.equal(
      Statement.find(({ Sid }) => Sid === "PullTheImage")?.Resource,
      "arn:aws:ecr:eu-central-1:123456789012:repository/shop",
    );
  });

  it("lets credits run out on no server that has them, and asks for none on others", async () => {
    assert.deepEqual(only(await server(), "web-template").inputs["creditSpecification"], { cpuCredits: "unlimited" });
    assert.equal(only(await server({ instanceType: "m7g.large" }), "web-template").inputs["creditSpecification"], undefined);
  });

  it("refuses a disk that EC2 does not make", async () => {
    await assert.rejects(server({ diskGib: 4 }), new RangeError('AppServer "web": diskGib is 4; allowed: 8 to 16384'));
    await assert.rejects(server({ diskGib: 20_000 }), new RangeError('AppServer "web": diskGib is 20000; allowed: 8 to 16384'));
  });
});
