import assert from "node:assert/strict";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { CacheFixture, TOKEN, type } from "./support.ts";

describe("what caches of the sandbox stand on", () => {
  let caches: CacheFixture;
  beforeEach(() => {
    caches = new CacheFixture();
  });
  afterEach(() => caches.end());

  const make = (token: string, name: string, inputs: Props) => caches.stack.create(token, name, inputs);

  describe("subnet groups", () => {
    const subnet = async (zone: string, block: string, vpcId: string): Promise<string> =>
      (
        await make("aws:ec2/subnet:Subnet", `${zone}-${block}`, {
          vpcId,
          cidrBlock: block,
          availabilityZone: `eu-central-1${zone}`,
        })
      ).id;
    let vpc: string;
    let subnets: string[];
    beforeEach(async () => {
      vpc = (await make("aws:ec2/vpc:Vpc", "main", { cidrBlock: "10.0.0.0/16" })).id;
      subnets = [await subnet("a", "10.0.0.0/24", vpc), await subnet("b", "10.0.1.0/24", vpc)];
    });

    it("know their VPC, and stay while a cache stands in them", async () => {
      const group = await make(type.subnets, "Cache", { name: "Cache", subnetIds: subnets });
      assert.deepEqual([group.id, group.outputs["vpcId"]], ["cache", vpc]);
      await caches.group({ subnetGroupName: "cache", numCacheClusters: 2, automaticFailoverEnabled: true, multiAzEnabled: true });
      await refused(
        caches.stack.delete(group),
        "CacheSubnetGroupInUse",
        "Cache subnet group cache is currently in use by a cache cluster.",
      );
    });

    it("refuse subnets that do not exist, or are of several VPCs", async () => {
      await refused(
        make(type.subnets, "cache", { name: "cache", subnetIds: ["subnet-0"] }),
        "InvalidSubnet",
        "The subnet ID 'subnet-0' does not exist",
      );
      const other = (await make("aws:ec2/vpc:Vpc", "other", { cidrBlock: "10.1.0.0/16" })).id;
      const foreign = await subnet("a", "10.1.0.0/24", other);
      await refused(
        make(type.subnets, "cache", { name: "cache", subnetIds: [...subnets, foreign] }),
        "InvalidSubnet",
        /are in different VPCs/,
      );
    });

    it("must cover two zones for Multi-AZ, and be of the VPC of the security groups", async () => {
      await make(type.subnets, "one", { name: "one", subnetIds: subnets.slice(0, 1) });
      const inputs = { subnetGroupName: "one", numCacheClusters: 2, automaticFailoverEnabled: true, multiAzEnabled: true };
      await refused(
        caches.group(inputs),
        "InvalidParameterCombination",
        "Multi-AZ needs subnets in two Availability Zones at least; the cache subnet group one covers eu-central-1a.",
      );
      const other = (await make("aws:ec2/vpc:Vpc", "other", { cidrBlock: "10.1.0.0/16" })).id;
      const group = (await make("aws:ec2/securityGroup:SecurityGroup", "sg", { name: "sg", description: "d", vpcId: other })).id;
      await refused(
        caches.group({ subnetGroupName: "one", securityGroupIds: [group] }),
        "InvalidParameterCombination",
        `The security group ${group} and the cache subnet group one are in different VPCs.`,
      );
      await refused(
        caches.group({ subnetGroupName: "gone" }),
        "CacheSubnetGroupNotFoundFault",
        "Cache Subnet Group gone does not exist.",
      );
    });
  });

  describe("parameter groups", () => {
    const group = (name: string, value: string, family = "valkey8") =>
      make(type.parameters, "lru", { name: "lru", family, parameters: [{ name, value }] });

    it("set what there is to what is allowed", async () => {
      await refused(
        group("maxmemory-policy", "random"),
        "InvalidParameterValue",
        "The parameter value random is invalid for the parameter maxmemory-policy. " +
          "Valid values: volatile-lru,allkeys-lru,volatile-lfu,allkeys-lfu,volatile-random,allkeys-random,volatile-ttl,noeviction.",
      );
      await refused(group("colour", "red"), "InvalidParameterCombination", /^The parameter colour cannot be modified/);
      await refused(group("cluster-enabled", "yes"), "InvalidParameterCombination", /does not serve caches of several shards/);
      const { outputs } = await group("maxmemory-policy", "allkeys-lru");
      assert.equal(outputs["arn"], "arn:aws:elasticache:eu-central-1:123456789012:parametergroup:lru");
    });

    it("must be of the family of the engine's version", async () => {
      await group("maxmemory-policy", "allkeys-lru", "redis7");
      await refused(
        caches.group({ parameterGroupName: "lru" }),
        "InvalidParameterCombination",
        "Expected a parameter group of family valkey8 but found one of family redis7",
      );
      await refused(
        caches.group({ parameterGroupName: "gone" }),
        "CacheParameterGroupNotFound",
        "CacheParameterGroup not found: gone",
      );
    });
  });

  describe("users and user groups", () => {
    const user = (userName: string, inputs: Props = {}) =>
      make(type.user, userName, {
        userId: userName,
        userName,
        engine: "redis",
        accessString: "on ~* +@all",
        passwords: [TOKEN],
        ...inputs,
      });
    const group = (engine: string, ...userIds: string[]) => make(type.users, "users", { userGroupId: "users", engine, userIds });

    it("need a password unless they say that they need none, and two at most", async () => {
      const none =
        "No password was provided. If you want to create/update the user without password, please use the NoPasswordRequired flag.";
      await refused(user("app", { passwords: [] }), "InvalidParameterCombination", none);
      await refused(
        user("app", { passwords: ["1", "2", "3"].map((end) => TOKEN + end) }),
        "InvalidParameterValue",
        "The passwords list is limited to a maximum of 2 passwords.",
      );
      await user("app", { passwords: [], noPasswordRequired: true });
    });

    for (const accessString of ["~* +@all", "on >secret ~*", "on nopass ~*"]) {
      it(`refuse the access string ${accessString}`, () => {
        const inputs = { userId: "app", userName: "app", engine: "redis", accessString, passwords: [TOKEN] };
        assert.match(caches.stack.faults(type.user, "app", inputs)[0] ?? "", /is not an access string/);
      });
    }

    it("have a default user with Redis, one user of a name, and users that exist", async () => {
      await user("app");
      await user("again", { userName: "app" });
      await refused(
        group("redis", "app"),
        "DefaultUserRequired",
        "User group needs to contain a user with the user name default.",
      );
      await refused(group("valkey", "app", "again"), "DuplicateUserName", "User group contains users with duplicate user names.");
      await refused(group("valkey", "gone"), "UserNotFound", "User gone not found.");
      await group("redis", "default", "app");
    });

    it("stay while a group has them", async () => {
      const app = await user("app");
      await group("valkey", "app");
      await refused(caches.stack.delete(app), "InvalidUserState", /is a member of a user group/);
    });
  });
});
