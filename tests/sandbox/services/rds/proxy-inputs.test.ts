import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { policyOf } from "../../support/api.ts";
import { refused } from "../../support/refused.ts";
import { CLUSTER, RdsFixture, type } from "./support.ts";

/** What is wrong with a proxy is told before anybody connects through it: no database runs here. */
describe("proxies of the sandbox's databases", function () {
  this.timeout(30_000);
  let rds: RdsFixture;
  let subnetIds: string[];
  let proxy: Props;
  let row: Resource;

  before(async () => {
    rds = new RdsFixture();
    await rds.cloud.trust.prepare();
    const { subnetIds: ids } = await rds.network(["a", "b"]);
    subnetIds = ids;
    await rds.make(type.subnetGroup, { name: "data", subnetIds });
    await rds.make(type.cluster, CLUSTER);
    const trust = policyOf({ Action: "sts:AssumeRole", Principal: { Service: "rds.amazonaws.com" } });
    const role = await rds.make(type.role, { name: "proxy", assumeRolePolicy: trust });
    const secret = await rds.make(type.secret, { name: "app" });
    proxy = {
      name: "shop",
      engineFamily: "POSTGRESQL",
      auths: [{ secretArn: secret.id }],
      roleArn: text(role.outputs, "arn"),
      vpcSubnetIds: subnetIds,
    };
    row = await rds.make(type.proxy, proxy, "proxy");
  });
  after(() => rds.end());

  it("have what RDS fills in", () => {
    const { arn, endpoint, ...others } = row.outputs;
    assert.match(arn as string, /^arn:aws:rds:eu-central-1:123456789012:db-proxy:prx-[0-9a-f]{17}$/);
    assert.match(endpoint as string, /^shop\.proxy-c[0-9a-z]{11}\.eu-central-1\.rds\.amazonaws\.com$/);
    const { debugLogging, idleClientTimeout, requireTls, defaultAuthScheme, auths } = others;
    assert.deepEqual(
      { debugLogging, idleClientTimeout, requireTls, defaultAuthScheme, auths },
      {
        debugLogging: false,
        idleClientTimeout: 1800,
        requireTls: false,
        defaultAuthScheme: "NONE",
        auths: [
          {
            authScheme: "SECRETS",
            clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
            iamAuth: "DISABLED",
            secretArn: (proxy["auths"] as Props[])[0]?.["secretArn"],
          },
        ],
      },
    );
  });

  for (const [token, changes, reason] of [
    [type.proxy, { name: "Shop" }, 'name: only lowercase alphanumeric characters and hyphens allowed in "name"'],
    [type.proxy, { engineFamily: "MYSQL" }, 'engineFamily: "MYSQL" is not one of the allowed values: POSTGRESQL'],
    [type.proxy, { idleClientTimeout: 0 }, "idleClientTimeout: 0 is out of range; allowed: 1 to 28800"],
    [
      type.proxy,
      { defaultAuthScheme: "IAM_AUTH" },
      "defaultAuthScheme: the sandbox has no end-to-end IAM authentication (defaultAuthScheme IAM_AUTH); give auths with secrets",
    ],
    [
      type.proxy,
      { auths: [{ clientPasswordAuthType: "POSTGRES_MD5" }] },
      "auths[].clientPasswordAuthType: the sandbox has no MD5 passwords; leave out clientPasswordAuthType",
    ],
    [
      type.proxyTargetGroup,
      { connectionPoolConfig: { maxConnectionsPercent: 50, maxIdleConnectionsPercent: 60 } },
      "connectionPoolConfig.maxIdleConnectionsPercent: maxIdleConnectionsPercent 60 is above maxConnectionsPercent 50",
    ],
    [
      type.proxyTargetGroup,
      { connectionPoolConfig: { connectionBorrowTimeout: 4000 } },
      "connectionPoolConfig.connectionBorrowTimeout: 4000 is out of range; allowed: 0 to 3600",
    ],
    [
      type.proxyTargetGroup,
      { connectionPoolConfig: { sessionPinningFilters: ["EXCLUDE_VARIABLE_SETS"] } },
      'connectionPoolConfig.sessionPinningFilters[]: "EXCLUDE_VARIABLE_SETS" is not allowed: sessionPinningFilters are for MYSQL only',
    ],
    [type.proxyEndpoint, { targetRole: "READ" }, 'targetRole: "READ" is not one of the allowed values: READ_WRITE, READ_ONLY'],
  ] as const) {
    it(`are refused before anything is made with ${JSON.stringify(changes)}`, () => {
      const base = token === type.proxy ? proxy : { dbProxyName: "shop", dbProxyEndpointName: "reads", vpcSubnetIds: subnetIds };
      assert.deepEqual(rds.faults(token, { ...base, ...changes } as unknown as Props), [reason]);
    });
  }

  for (const [changes, code, message] of [
    [
      {},
      "DBProxyAlreadyExistsFault",
      "The specified proxy name must be unique for all proxies owned by your Amazon Web Services account in the specified Amazon Web Services Region.",
    ],
    [
      { name: "other", auths: [] },
      "InvalidParameterCombination",
      "auths must be given when defaultAuthScheme is NONE: a proxy needs a secret for each database user.",
    ],
    [
      { name: "other", roleArn: "arn:aws:iam::123456789012:role/none" },
      "InvalidParameterValue",
      "IAM role ARN value is invalid or does not include the required permissions for: arn:aws:iam::123456789012:role/none",
    ],
    [
      { name: "other", auths: [{ secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:none-abcdef" }] },
      "InvalidParameterValue",
      "The secret arn:aws:secretsmanager:eu-central-1:123456789012:secret:none-abcdef was not found.",
    ],
  ] as readonly [Props, string, string][]) {
    it(`are refused by RDS with ${JSON.stringify(changes)}`, async () => {
      await refused(rds.make(type.proxy, { ...proxy, ...changes }), code, message);
    });
  }

  it("stand in two zones at least", async () => {
    await refused(
      rds.make(type.proxy, { ...proxy, name: "other", vpcSubnetIds: subnetIds.slice(0, 1) }),
      "InvalidSubnet",
      "The requested subnet is invalid, or multiple subnets were requested that are not all in a common VPC. A proxy needs subnets in at least 2 Availability Zones; given: eu-central-1a.",
    );
  });

  it("are not renamed", async () => {
    await refused(
      rds.stack.update(row, "proxy", { ...proxy, name: "renamed" }),
      "UnsupportedOperation",
      "The sandbox cannot rename a proxy; its endpoint would change. Give the resource another logical name.",
    );
  });

  it("have one target group, whose settings are those of RDS where none are given", async () => {
    const group = await rds.make(type.proxyTargetGroup, {
      dbProxyName: "shop",
      connectionPoolConfig: { maxConnectionsPercent: 40 },
    });
    assert.match(group.outputs["arn"] as string, /^arn:aws:rds:eu-central-1:123456789012:target-group:prx-tg-[0-9a-f]{17}$/);
    assert.deepEqual([group.id, group.outputs["name"]], ["shop", "default"]);
    assert.deepEqual(group.outputs["connectionPoolConfig"], {
      connectionBorrowTimeout: 120,
      initQuery: "",
      maxConnectionsPercent: 40,
      maxIdleConnectionsPercent: 40,
      sessionPinningFilters: [],
    });
  });

  describe("lead to a cluster", () => {
    const target = (changes: Props): Promise<Resource> =>
      rds.make(type.proxyTarget, { dbProxyName: "shop", targetGroupName: "default", dbClusterIdentifier: "shop", ...changes });

    for (const [changes, code, message] of [
      [
        { dbProxyName: "none" },
        "DBProxyNotFoundFault",
        "The specified proxy name none doesn't correspond to a proxy owned by your Amazon Web Services account in the specified Amazon Web Services Region.",
      ],
      [
        { targetGroupName: "other" },
        "DBProxyTargetGroupNotFoundFault",
        "The specified target group other isn't available for a proxy: a proxy has one, default.",
      ],
      [{ dbClusterIdentifier: "none" }, "DBClusterNotFoundFault", "DBCluster none not found."],
      [
        { dbInstanceIdentifier: "shop-1" },
        "InvalidParameterCombination",
        "Exactly one of dbClusterIdentifier and dbInstanceIdentifier must be given.",
      ],
    ] as readonly [Props, string, string][]) {
      it(`but not with ${JSON.stringify(changes)}`, async () => {
        await refused(target(changes), code, message);
      });
    }

    it("and to no other beside it", async () => {
      const made = await target({});
      assert.equal(made.id, "shop/default/TRACKED_CLUSTER/shop");
      assert.deepEqual([made.outputs["type"], made.outputs["rdsResourceId"]], ["TRACKED_CLUSTER", "shop"]);
      await refused(
        target({}),
        "DBProxyTargetAlreadyRegisteredFault",
        "The proxy is already associated with the specified RDS DB instance or Aurora DB cluster: shop.",
      );
    });
  });

  describe("in the end", () => {
    it("have endpoints beside their own, and are not deleted before them", async () => {
      const inputs = { dbProxyName: "shop", dbProxyEndpointName: "reads", targetRole: "READ_ONLY", vpcSubnetIds: subnetIds };
      const endpoint = await rds.make(type.proxyEndpoint, inputs);
      assert.equal(endpoint.id, "shop/reads");
      assert.match(
        endpoint.outputs["endpoint"] as string,
        /^reads\.endpoint\.proxy-c[0-9a-z]{11}\.eu-central-1\.rds\.amazonaws\.com$/,
      );
      await refused(
        rds.make(type.proxyEndpoint, inputs),
        "DBProxyEndpointAlreadyExistsFault",
        "The specified DB proxy endpoint name must be unique for all DB proxy endpoints owned by your Amazon Web Services account in the specified Amazon Web Services Region.",
      );
      await refused(rds.delete(row), "InvalidDBProxyStateFault", "The proxy shop still has the endpoint reads.");
      await rds.delete(endpoint);
      await rds.delete(row);
      assert.deepEqual(rds.cloud.addresses.entries(), []);
    });
  });
});
