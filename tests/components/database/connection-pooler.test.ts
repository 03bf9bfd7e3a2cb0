import assert from "node:assert/strict";
import { ConnectionPooler, type ConnectionPoolerArgs } from "../../../components/index.ts";
import { only, record, type Recorded, run } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";
import { database, tags } from "../examples.ts";

const args: ConnectionPoolerArgs = {
  region: "eu-central-1",
  accountId: "123456789012",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  clusterIdentifier: "platform-db",
  database,
  secretArn: "arn:test:secret",
  keyArn: "arn:test:key",
  logKeyArn: "arn:test:log-key",
  logDays: 30,
  tags,
};

const pooler = (changes: Partial<ConnectionPoolerArgs> = {}): Promise<Recorded[]> =>
  record(() => new ConnectionPooler("pool", { ...args, ...changes }));

describe("ConnectionPooler", () => {
  it("makes exactly these resources", async () => {
    const prefix = "platform:database:ConnectionPooler$";
    assert.deepEqual((await pooler()).map((one) => identity(one).replace(prefix, "")).sort(), [
      "aws:cloudwatch/logGroup:LogGroup::pool-log",
      "aws:ec2/securityGroup:SecurityGroup::pool-access",
      "aws:iam/role:Role::pool-role",
      "aws:iam/rolePolicy:RolePolicy::pool-role-policy",
      "aws:rds/proxy:Proxy::pool-proxy",
      "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup::pool-pool",
      "aws:rds/proxyEndpoint:ProxyEndpoint::pool-readers",
      "aws:rds/proxyTarget:ProxyTarget::pool-cluster",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::pool-out-database",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule::pool-into-database",
      "platform:database:ConnectionPooler::pool",
    ]);
  });

  it("takes connections by TLS only, and signs in with the database's secret", async () => {
    assert.deepEqual(only(await pooler(), "pool-proxy").inputs, {
      name: "pool",
      engineFamily: "POSTGRESQL",
      auths: [{ authScheme: "SECRETS", secretArn: "arn:test:secret", iamAuth: "DISABLED" }],
      roleArn: "arn:test:pool-role",
      requireTls: true,
      idleClientTimeout: 1800,
      debugLogging: false,
      vpcSubnetIds: ["subnet-a", "subnet-b"],
      vpcSecurityGroupIds: ["pool-access-id"],
      tags,
    });
  });

  it("asks clients for a token of their role when told to", async () => {
    const { inputs } = only(await pooler({ clientAuth: "iam" }), "pool-proxy");
    assert.deepEqual(inputs["auths"], [{ authScheme: "SECRETS", secretArn: "arn:test:secret", iamAuth: "REQUIRED" }]);
  });

  it("may read that one secret, by way of its store alone, and work for no other account", async () => {
    const resources = await pooler();
    const documentOf = (name: string, input: string): unknown =>
      (JSON.parse(only(resources, name).inputs[input] as string) as { Statement: unknown }).Statement;
    assert.deepEqual(documentOf("pool-role-policy", "policy"), [
      { Sid: "ReadTheSecret", Action: "secretsmanager:GetSecretValue", Resource: "arn:test:secret", Effect: "Allow" },
      {
        Sid: "OpenTheSecret",
        Action: "kms:Decrypt",
        Resource: "arn:test:key",
        Condition: { StringEquals: { "kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com" } },
        Effect: "Allow",
      },
    ]);
    assert.deepEqual(documentOf("pool-role", "assumeRolePolicy"), [
      {
        Sid: "TakenOnByTheService",
        Action: "sts:AssumeRole",
        Principal: { Service: "rds.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        Effect: "Allow",
      },
    ]);
  });

  it("leaves a fifth of the database's connections to people, and lets nobody wait longer than ten seconds", async () => {
    assert.deepEqual(only(await pooler(), "pool-pool").inputs["connectionPoolConfig"], {
      maxConnectionsPercent: 80,
      maxIdleConnectionsPercent: 40,
      connectionBorrowTimeout: 10,
    });
  });

  it("leads to the writer by one endpoint and to readers by another", async () => {
    const endpoints = async (changes: Partial<ConnectionPoolerArgs>) =>
      (
        await run(() => {
          const { endpoint, readerEndpoint } = new ConnectionPooler("pool", { ...args, ...changes });
          return { endpoint, readerEndpoint };
        })
      ).result;
    const endpoint = "pool-proxy.proxy-test.eu-central-1.rds.amazonaws.com:5432";
    const readerEndpoint = "pool-readers.endpoint.proxy-test.eu-central-1.rds.amazonaws.com:5432";
    assert.deepEqual(await endpoints({}), { endpoint, readerEndpoint });
    assert.deepEqual(await endpoints({ readers: false }), { endpoint, readerEndpoint: undefined });
    assert.equal(only(await pooler(), "pool-readers").inputs["targetRole"], "READ_ONLY");
  });

  it("has an encrypted log before the pooler would make one that is not", async () => {
    const resources = await pooler();
    assert.deepEqual(only(resources, "pool-log").inputs, {
      name: "/aws/rds/proxy/pool",
      kmsKeyId: "arn:test:log-key",
      retentionInDays: 30,
      tags: { "platform:name": "test", "platform:data": "diagnostic" },
    });
    assert.ok(only(resources, "pool-proxy").dependencies.includes("pool-log"));
  });

  it("reaches the database, and is reached by nobody as long as no client is let in", async () => {
    const resources = await pooler();
    const into = resources.filter(({ type }) => type.endsWith(":SecurityGroupIngressRule"));
    assert.deepEqual(
      into.map(({ inputs }) => [inputs["securityGroupId"], inputs["referencedSecurityGroupId"], inputs["fromPort"]]),
      [["sg-database", "pool-access-id", 5432]],
    );
  });

  it("refuses a share of no connections, and of more than all", async () => {
    for (const connectionsPercent of [0, 101])
      await assert.rejects(
        pooler({ connectionsPercent }),
        new RangeError(`ConnectionPooler "pool": connectionsPercent is ${connectionsPercent}; allowed: 1 to 100`),
      );
  });
});
