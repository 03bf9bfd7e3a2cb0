import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { AMI, type Answer, Ec2Fixture, type } from "./support.ts";

describe("Elastic IPs of the sandbox", () => {
  let ec2: Ec2Fixture;
  let subnet: Resource;
  beforeEach(async () => {
    ec2 = new Ec2Fixture();
    ({ subnet } = await ec2.network());
  });
  afterEach(() => ec2.end());

  const launch = (more: Props = {}): Promise<Resource> =>
    ec2.create(type.instance, { ami: AMI, instanceType: "t4g.small", subnetId: subnet.id, ...more });
  const allocate = (inputs: Props = {}): Promise<Resource> => ec2.create(type.address, inputs);
  const associate = (address: Resource, instance: Resource, more: Props = {}): Promise<Resource> =>
    ec2.create(type.association, { allocationId: address.id, instanceId: instance.id, ...more });
  const label = async (address: Resource): Promise<string | undefined> => {
    const answer = await ec2.behind(address);
    return typeof answer === "object" ? answer.label : answer;
  };

  it("are addresses that nothing on the internet has, five a region", async () => {
    const { id, outputs } = await allocate({ domain: "vpc" });
    assert.match(id, /^eipalloc-0[0-9a-f]{16}$/);
    assert.deepEqual(
      [outputs["publicIp"], outputs["publicDns"], outputs["arn"]],
      [
        "203.0.113.1",
        "ec2-203-0-113-1.eu-central-1.compute.amazonaws.com",
        `arn:aws:ec2:eu-central-1:123456789012:elastic-ip/${id}`,
      ],
    );
    for (let count = 1; count < 5; count++) await allocate();
    await refused(allocate(), "AddressLimitExceeded", "The maximum number of addresses has been reached. (quota: 5)");
  });

  it("come from no pool of the account's own", async () => {
    await refused(allocate({ ipamPoolId: "ipam-pool-1" }), "UnsupportedOperation", /leave out ipamPoolId$/);
    assert.deepEqual(ec2.faults(type.address, { domain: "standard" }), [
      'domain: "standard" is not one of the allowed values: vpc',
    ]);
  });

  describe("are joined", () => {
    it("to an instance, by its id or that of its network interface", async () => {
      const [instance, address] = [await launch(), await allocate()];
      const { outputs } = await associate(address, instance);
      assert.deepEqual(
        [outputs["publicIp"], outputs["privateIpAddress"], outputs["networkInterfaceId"]],
        ["203.0.113.1", "10.0.0.4", instance.outputs["primaryNetworkInterfaceId"]],
      );
      const other = await launch();
      const byInterface = await ec2.create(type.association, {
        publicIp: "203.0.113.1",
        networkInterfaceId: other.outputs["primaryNetworkInterfaceId"] ?? null,
      });
      assert.deepEqual([byInterface.outputs["allocationId"], byInterface.outputs["instanceId"]], [address.id, other.id]);
    });

    it("to something, and one thing only", async () => {
      const [instance, address] = [await launch(), await allocate()];
      const make = (inputs: Props) => ec2.create(type.association, inputs);
      await refused(
        make({ allocationId: address.id }),
        "MissingParameter",
        "Either instance id or network interface id must be specified",
      );
      await refused(make({ instanceId: instance.id }), "MissingParameter", "Either public IP or allocation id must be specified");
      await refused(
        make({ publicIp: "192.0.2.1", instanceId: instance.id }),
        "InvalidAddress.NotFound",
        "Address '192.0.2.1' not found.",
      );
      await refused(
        associate(address, instance, { networkInterfaceId: instance.outputs["primaryNetworkInterfaceId"] ?? null }),
        "InvalidParameterCombination",
      );
      await refused(make({ allocationId: "eipalloc-1", instanceId: instance.id }), "InvalidAllocationID.NotFound");
      await refused(
        make({ allocationId: address.id, instanceId: "i-1" }),
        "InvalidInstanceID.NotFound",
        "The instance ID 'i-1' does not exist",
      );
    });

    it("to an instance whose network reaches the internet", async () => {
      const closed = await ec2.create(type.vpc, { cidrBlock: "10.1.0.0/16" });
      const inside = await ec2.create(type.subnet, { vpcId: closed.id, cidrBlock: "10.1.0.0/24" });
      const instance = await launch({ subnetId: inside.id });
      const words = `Network ${closed.id} is not attached to any internet gateway`;
      await refused(associate(await allocate(), instance), "Gateway.NotAttached", words);
      await refused(allocate({ instance: instance.id }), "Gateway.NotAttached", words);
    });

    it("to one instance at a time: the last that asks, unless it must not take it away", async () => {
      const [one, two, address] = [await launch(), await launch(), await allocate()];
      const first = await associate(address, one);
      await refused(
        associate(address, two, { allowReassociation: false }),
        "Resource.AlreadyAssociated",
        `resource ${address.id} is already associated with associate-id ${first.id}`,
      );
      await associate(address, two, { allowReassociation: true });
    });

    it("to a NAT gateway or an instance, not to both", async () => {
      const [instance, address, other] = [await launch(), await allocate(), await allocate()];
      const gateway = await ec2.create(type.nat, { subnetId: subnet.id, allocationId: address.id });
      await refused(
        associate(address, instance),
        "Resource.AlreadyAssociated",
        `resource ${address.id} is already associated with associate-id ${text(gateway.outputs, "associationId")}`,
      );
      await associate(other, instance);
      await refused(
        ec2.create(type.nat, { subnetId: subnet.id, allocationId: other.id }),
        "Resource.AlreadyAssociated",
        `Elastic IP address [${other.id}] is already associated`,
      );
      await refused(ec2.stack.delete(address), "InvalidIPAddress.InUse", "Address 203.0.113.1 is in use.");
    });
  });

  describe("are doors on this machine", () => {
    let one: Resource;
    let address: Resource;
    beforeEach(async () => {
      await ec2.withImage();
      one = await launch({ userData: ec2.userData() });
      address = await allocate();
    });
    const other = (): Promise<Resource> => launch({ userData: ec2.userData({ LABEL: "two" }) });

    it("that open when an instance has the address, and close when it is let go", async () => {
      assert.equal(await label(address), undefined);
      const association = await associate(address, one);
      assert.equal(await label(address), "one");
      await ec2.stack.delete(association);
      assert.equal(await label(address), undefined);
    });

    it("that lead to the next server, on the same port, and stay with it when the old association goes", async () => {
      const old = await associate(address, one);
      const [before] = ec2.cloud.addresses.doors();
      await associate(address, await other());
      assert.equal(await label(address), "two");
      await ec2.stack.delete(old);
      assert.equal(await label(address), "two");
      assert.deepEqual(ec2.cloud.addresses.doors(), [before]);
    });

    it("of which an instance has one: the other one closes when it is given another address", async () => {
      const second = await allocate();
      await associate(address, one);
      await associate(second, one);
      assert.deepEqual([await label(address), await label(second)], [undefined, "one"]);
    });

    it("that open for an address's own instance too, and close when it is taken out", async () => {
      const own = await allocate({ instance: one.id });
      assert.deepEqual([own.outputs["instance"], await label(own)], [one.id, "one"]);
      const moved = await ec2.stack.update(own, "r", { instance: (await other()).id });
      assert.equal(await label(own), "two");
      assert.notEqual(moved.outputs["associationId"], own.outputs["associationId"]);
      const free = await ec2.stack.update(moved, "r", {});
      assert.deepEqual([free.outputs["associationId"], await label(own)], ["", undefined]);
    });

    it("that say what is missing: a server that listens nowhere, or that is gone", async () => {
      const silent = await launch();
      await associate(address, silent);
      assert.equal(await label(address), `Nothing on the server ${silent.id} listens on port 80 or 443.`);
      await ec2.stack.delete(silent);
      assert.equal(await label(address), `The server ${silent.id} behind this address is gone.`);
    });

    it("whose port and names are given back with the address", async () => {
      await associate(address, one);
      assert.deepEqual(
        ec2.cloud.addresses.entries().map(([name]) => name),
        ["203.0.113.1:443", "203.0.113.1:80"],
      );
      await ec2.stack.delete(address);
      assert.deepEqual([ec2.cloud.addresses.entries(), ec2.cloud.addresses.doors()], [[], []]);
    });

    it("behind which the product learns its own name, once it has one", async () => {
      const named = await launch({ userData: ec2.userData({ LABEL: "https://shop.example.org" }, "shop.example.org") });
      await associate(address, named);
      const answer = (await ec2.behind(address)) as Answer;
      // The name has a door of its own, which people come by first.
      const [[name, door] = []] = ec2.cloud.addresses.doors();
      assert.deepEqual([name, door?.target, answer.label], ["shop.example.org", "shop.example.org", door?.url]);
      assert.equal(((await (await fetch(door?.url ?? "")).json()) as Answer).label, answer.label);
      await ec2.stack.delete(address);
      assert.deepEqual([ec2.cloud.addresses.entries(), ec2.cloud.addresses.doors()], [[], []]);
    });

    it("that open again when the sandbox starts", async () => {
      await associate(address, one);
      await ec2.cloud.processes.stopAll();
      await ec2.closeDoors();
      await ec2.stack.engine.resume();
      assert.equal(await label(address), "one");
    });
  });
});
