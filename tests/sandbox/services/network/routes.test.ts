import assert from "node:assert/strict";
import { text } from "../../../../sandbox/src/core/values.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { refused } from "../../support/refused.ts";
import { NetworkFixture, type } from "./support.ts";

describe("routes and gateways of the sandbox", () => {
  let net: NetworkFixture;
  let vpc: Resource;
  let gateway: Resource;
  let table: Resource;
  beforeEach(async () => {
    net = new NetworkFixture();
    vpc = await net.vpc();
    gateway = await net.make(type.gateway, { vpcId: vpc.id });
    table = await net.make(type.routeTable, { vpcId: vpc.id });
  });
  afterEach(() => net.cloud.end());

  const out = (inputs: object = {}) => ({
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway.id,
    ...inputs,
  });

  it("take one route to a destination", async () => {
    await net.make(type.route, out());
    await refused(net.make(type.route, out()), "RouteAlreadyExists", "The route identified by 0.0.0.0/0 already exists.");
    await net.make(type.route, out({ destinationCidrBlock: "192.0.2.0/24" }));
  });

  it("refuse a route over the VPC's own range, and one that an inline route has taken", async () => {
    await refused(net.make(type.route, out({ destinationCidrBlock: "10.0.0.0/16" })), "RouteAlreadyExists");
    const inline = await net.make(type.routeTable, {
      vpcId: vpc.id,
      routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }],
    });
    await refused(net.make(type.route, out({ routeTableId: inline.id })), "RouteAlreadyExists");
  });

  it("ask for one destination and one target, and name those that are not served", () => {
    const faults = (inputs: object): string => net.stack.faults(type.route, "r", { routeTableId: "rtb-1", ...inputs }).join();
    assert.match(faults({ gatewayId: "igw-1" }), /exactly one of destinationCidrBlock.*given: none/);
    assert.match(faults({ destinationCidrBlock: "0.0.0.0/0" }), /exactly one target must be given/);
    assert.match(
      faults({ destinationCidrBlock: "0.0.0.0/0", transitGatewayId: "tgw-1" }),
      /transitGatewayId is not served by the sandbox/,
    );
  });

  it("refuse a gateway that hangs on another VPC, or on none", async () => {
    const loose = await net.make(type.gateway, {});
    await refused(net.make(type.route, out({ gatewayId: loose.id })), "InvalidParameterValue", /belong to different networks/);
    await net.make(type.gatewayAttachment, { internetGatewayId: loose.id, vpcId: (await net.vpc()).id });
    await refused(net.make(type.route, out({ gatewayId: loose.id })), "InvalidParameterValue", /belong to different networks/);
  });

  it("refuse a route table for the subnet of another VPC, and a second table for one subnet", async () => {
    const foreign = await net.subnet(await net.vpc());
    const associate = (subnetId: string) => net.make(type.association, { routeTableId: table.id, subnetId });
    await refused(
      associate(foreign.id),
      "InvalidParameterValue",
      `Route table ${table.id} and subnet ${foreign.id} belong to different networks`,
    );
    const own = await net.subnet(vpc);
    await associate(own.id);
    await refused(associate(own.id), "Resource.AlreadyAssociated", /conflicts with an existing association/);
  });

  it("keep a table that a subnet uses or that is the main one, and take its routes along when it goes", async () => {
    await net.make(type.route, out());
    const association = await net.make(type.association, { routeTableId: table.id, subnetId: (await net.subnet(vpc)).id });
    await refused(
      net.stack.delete(table),
      "DependencyViolation",
      `The routeTable '${table.id}' has dependencies and cannot be deleted.`,
    );
    await net.stack.delete(association);
    const main = await net.make(type.mainAssociation, { vpcId: vpc.id, routeTableId: table.id });
    await refused(net.stack.delete(table), "DependencyViolation");
    await net.stack.delete(main);
    assert.equal(net.cloud.world.get(type.vpc, vpc.id)?.outputs["mainRouteTableId"], vpc.outputs["defaultRouteTableId"]);
    await net.stack.delete(table);
    assert.deepEqual(net.cloud.world.all(type.route), []);
  });

  describe("of the internet", () => {
    it("hang on one VPC at a time, one a VPC", async () => {
      await refused(
        net.make(type.gateway, { vpcId: vpc.id }),
        "InvalidParameterValue",
        /already has an internet gateway attached/,
      );
      const attach = net.make(type.gatewayAttachment, { internetGatewayId: gateway.id, vpcId: (await net.vpc()).id });
      await refused(attach, "Resource.AlreadyAssociated", `resource ${gateway.id} is already attached to network ${vpc.id}`);
    });

    it("go before their VPC and after their attachment", async () => {
      const loose = await net.make(type.gateway, {});
      const other = await net.vpc();
      const attachment = await net.make(type.gatewayAttachment, { internetGatewayId: loose.id, vpcId: other.id });
      await refused(net.stack.delete(other), "DependencyViolation");
      await refused(net.stack.delete(loose), "DependencyViolation");
      await net.stack.delete(attachment);
      await net.stack.delete(loose);
      await net.stack.delete(other);
    });
  });

  describe("for address translation", () => {
    const translate = (subnet: Resource) => net.make(type.nat, { subnetId: subnet.id, allocationId: "eipalloc-1" });

    it("need a VPC with an internet gateway, and an address that nothing else has", async () => {
      net.plant("aws:ec2/eip:Eip", "eipalloc-1", {}, { allocationId: "eipalloc-1", publicIp: "198.51.100.7" });
      const closed = await net.vpc();
      await refused(
        translate(await net.subnet(closed)),
        "Gateway.NotAttached",
        `Network ${closed.id} has no Internet gateway attached`,
      );
      const subnet = await net.subnet(vpc);
      const nat = await translate(subnet);
      assert.deepEqual([nat.outputs["publicIp"], nat.outputs["privateIp"]], ["198.51.100.7", "10.0.0.4"]);
      await refused(translate(subnet), "Resource.AlreadyAssociated", "Elastic IP address [eipalloc-1] is already associated");
      await refused(net.stack.delete(subnet), "DependencyViolation");
    });
  });

  describe("to AWS services", () => {
    const endpoint = (inputs: object) =>
      net.make(type.endpoint, { vpcId: vpc.id, serviceName: "com.amazonaws.eu-central-1.s3", ...inputs });

    it("are gateways for S3 and DynamoDB only", async () => {
      const { outputs } = await endpoint({ routeTableIds: [table.id] });
      assert.match(text(outputs, "prefixListId"), /^pl-[0-9a-f]{8}$/);
      await refused(
        endpoint({ serviceName: "com.amazonaws.eu-central-1.ssm" }),
        "InvalidParameter",
        /type 'Gateway' are not supported/,
      );
      await refused(
        endpoint({ serviceName: "com.amazonaws.us-east-1.s3" }),
        "InvalidServiceName",
        /start with com.amazonaws.eu-central-1\./,
      );
    });

    it("are interfaces with one subnet a zone and names inside, if the VPC resolves names", async () => {
      const [one, two] = [await net.subnet(vpc, "10.0.0.0/24"), await net.subnet(vpc, "10.0.1.0/24")];
      const face = { serviceName: "com.amazonaws.eu-central-1.ssm", vpcEndpointType: "Interface" };
      await refused(endpoint({ ...face, subnetIds: [one.id, two.id] }), "DuplicateSubnetsInSameZone");
      await refused(
        endpoint({ ...face, subnetIds: [one.id], privateDnsEnabled: true }),
        "InvalidParameter",
        /enableDnsHostnames/,
      );
      const made = await endpoint({ ...face, subnetIds: [one.id] });
      assert.deepEqual(made.outputs["securityGroupIds"], [vpc.outputs["defaultSecurityGroupId"]]);
    });

    it("are reached by the route tables that they name, or that are joined to them, once each", async () => {
      const made = await endpoint({});
      const join = (more: object = {}) =>
        net.make(type.endpointAssociation, { vpcEndpointId: made.id, routeTableId: table.id, ...more });
      const foreign = await net.make(type.routeTable, { vpcId: (await net.vpc()).id });
      await refused(
        join({ routeTableId: foreign.id }),
        "InvalidParameter",
        `Route table ${foreign.id} does not belong to ${vpc.id}`,
      );
      await refused(
        endpoint({ routeTableIds: [foreign.id] }),
        "InvalidParameter",
        `Route table ${foreign.id} does not belong to ${vpc.id}`,
      );
      const joined = await join();
      const words = `route table ${table.id} already has a route with destination-prefix-list-id ${text(made.outputs, "prefixListId")}`;
      await refused(join(), "RouteAlreadyExists", words);
      await net.stack.delete(joined);
      await join();
      await refused(net.stack.delete(table), "DependencyViolation");
    });

    it("take what their kind takes, in their own VPC", async () => {
      const subnet = await net.subnet(vpc);
      const face = { serviceName: "com.amazonaws.eu-central-1.ssm", vpcEndpointType: "Interface" };
      await refused(
        endpoint({ subnetIds: [subnet.id] }),
        "InvalidParameter",
        "subnetIds is not allowed for VPC endpoints of type 'Gateway'",
      );
      await refused(
        endpoint({ ...face, routeTableIds: [table.id] }),
        "InvalidParameter",
        "Route table IDs are only supported for Gateway type VPC Endpoints.",
      );
      const made = await endpoint({ ...face, subnetIds: [subnet.id] });
      await refused(
        net.make(type.endpointAssociation, { vpcEndpointId: made.id, routeTableId: table.id }),
        "InvalidParameter",
        `Endpoint ${made.id} is of type 'Interface'; only a 'Gateway' endpoint takes route tables.`,
      );
      const group = await net.group(await net.vpc(), "web");
      await refused(
        endpoint({ ...face, subnetIds: [subnet.id], securityGroupIds: [group.id] }),
        "InvalidGroup.NotFound",
        /different networks/,
      );
    });

    it("write down who talks to whom once for one configuration", async () => {
      const log = {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "s3",
        logDestination: "arn:aws:s3:::logs/flow",
      };
      await refused(net.make(type.flowLog, log), "LogDestinationNotFound", "LogDestination: logs does not exist");
      net.plant("aws:s3/bucket:Bucket", "logs", { bucket: "logs" });
      await net.make(type.flowLog, log);
      await refused(net.make(type.flowLog, log), "FlowLogAlreadyExists");
      await refused(
        net.make(type.flowLog, { ...log, logDestinationType: "cloud-watch-logs" }),
        "InvalidParameter",
        /is not an ARN that LogDestinationType cloud-watch-logs takes/,
      );
      await refused(
        net.make(type.flowLog, { ...log, subnetId: "", vpcId: "" }),
        "InvalidParameter",
        /exactly one of vpcId, subnetId, eniId.*given: none/,
      );
      const group = {
        logDestinationType: "cloud-watch-logs",
        logDestination: "arn:aws:logs:eu-central-1:123456789012:log-group:flow",
      };
      await refused(net.make(type.flowLog, { ...log, ...group }), "InvalidParameter", /^DeliverLogsPermissionArn can't be empty/);
    });
  });
});
