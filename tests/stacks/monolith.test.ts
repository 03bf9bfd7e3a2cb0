import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../../stacks/contract.ts";
import { platform } from "../../stacks/platform.ts";
import { type Recorded, only, record, run } from "../support/record.ts";
import { settings } from "../support/settings.ts";
import { identity, statefulIdentities } from "../support/stateful.ts";

const stack = (changes: Partial<Settings> = {}): Promise<Recorded[]> => record(() => platform(settings(changes)));

/** How many of each type there are. */
function countByType(resources: readonly Recorded[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

const INVENTORY = {
  "aws:backup/plan:Plan": 1,
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": 1,
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": 1,
  "aws:backup/selection:Selection": 1,
  "aws:backup/vault:Vault": 1,
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": 1,
  "aws:budgets/budget:Budget": 1,
  "aws:cloudwatch/dashboard:Dashboard": 1,
  "aws:cloudwatch/logGroup:LogGroup": 3,
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": 5,
  "aws:cloudwatch/metricAlarm:MetricAlarm": 13,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": 1,
  "aws:ec2/eip:Eip": 1,
  "aws:ec2/eipAssociation:EipAssociation": 1,
  "aws:ec2/flowLog:FlowLog": 1,
  "aws:ec2/instance:Instance": 1,
  "aws:ec2/internetGateway:InternetGateway": 1,
  "aws:ec2/launchTemplate:LaunchTemplate": 1,
  "aws:ec2/route:Route": 1,
  "aws:ec2/routeTable:RouteTable": 5,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": 9,
  "aws:ec2/securityGroup:SecurityGroup": 2,
  "aws:ec2/subnet:Subnet": 9,
  "aws:ec2/vpc:Vpc": 1,
  "aws:ec2/vpcEndpoint:VpcEndpoint": 1,
  "aws:iam/instanceProfile:InstanceProfile": 1,
  "aws:iam/role:Role": 3,
  "aws:iam/rolePolicy:RolePolicy": 2,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 5,
  "aws:kms/alias:Alias": 2,
  "aws:kms/key:Key": 2,
  "aws:rds/cluster:Cluster": 1,
  "aws:rds/clusterInstance:ClusterInstance": 1,
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": 1,
  "aws:rds/parameterGroup:ParameterGroup": 1,
  "aws:rds/subnetGroup:SubnetGroup": 1,
  "aws:s3/bucket:Bucket": 1,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 1,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 1,
  "aws:s3/bucketPolicy:BucketPolicy": 1,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 1,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 1,
  "aws:s3/bucketVersioning:BucketVersioning": 1,
  "aws:secretsmanager/secret:Secret": 1,
  "aws:secretsmanager/secretVersion:SecretVersion": 1,
  "aws:sns/topic:Topic": 2,
  "aws:sns/topicPolicy:TopicPolicy": 2,
  "aws:sns/topicSubscription:TopicSubscription": 2,
  "aws:ssm/association:Association": 2,
  "aws:ssm/parameter:Parameter": 1,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": 2,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": 3,
  "platform:backup:Backup": 1,
  "platform:compute:AppServer": 1,
  "platform:compute:HostMetrics": 1,
  "platform:database:Database": 1,
  "platform:network:Network": 1,
  "platform:observability:AlarmTopics": 1,
  "platform:observability:AppLogs": 1,
  "platform:observability:Monitoring": 1,
  "platform:security:Encryption": 2,
  "platform:security:Secrets": 1,
  "platform:storage:ObjectStore": 1,
  "random:index/randomId:RandomId": 1,
  "random:index/randomPassword:RandomPassword": 1,
};

describe("stage monolith", () => {
  it("asks for exactly these resources", async () => {
    const resources = await stack();
    assert.deepEqual(countByType(resources), INVENTORY);
    assert.equal(resources.length, 121);
  });

  it("adds one record, and nothing else, when it has a domain", async () => {
    const [without, withDomain] = [await stack(), await stack({ domain: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ" })];
    const added = withDomain.map(identity).filter((one) => !without.map(identity).includes(one));
    assert.deepEqual(added.sort(), [
      "platform:delivery:Dns$aws:route53/record:Record::platform-dns-address",
      "platform:delivery:Dns::platform-dns",
    ]);
    assert.equal(withDomain.length, without.length + 2);
  });

  it("has no alarm about credits on a server that has none", async () => {
    const names = (await stack({ instanceType: "m7g.large" })).map(({ name }) => name);
    assert.equal(names.includes("platform-monitoring-server-credits"), false);
    assert.equal(names.length, 120);
  });

  it("keeps the identity of everything that holds data: the contract with every later stage", async () => {
    const golden: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "golden/stateful-urns.json"), "utf8"));
    assert.deepEqual(
      statefulIdentities(await stack()),
      golden,
      "A changed identity replaces the resource. Take the change back, or give the resource aliases and say so in CHANGELOG.md.",
    );
  });

  it("keeps the names by which AWS knows what holds data", async () => {
    const resources = await stack();
    const named = (name: string, input: string, type = ""): unknown => only(resources, name, type).inputs[input];
    assert.equal(named("platform-db-cluster", "clusterIdentifier"), "platform-db");
    assert.equal(named("platform-db-cluster", "databaseName"), "shop");
    assert.equal(named("platform-db-instance-1", "identifier"), "platform-db-1");
    assert.equal(named("platform-logs-group", "name"), "/platform/app");
    assert.equal(named("platform-db-log", "name"), "/aws/rds/cluster/platform-db/postgresql");
    assert.equal(named("platform-network-vpc", "cidrBlock"), "10.0.0.0/16");
  });

  it("protects what holds data, and nothing else", async () => {
    const guarded = (await stack()).filter(({ protect }) => protect).map(({ name }) => name);
    assert.deepEqual(guarded.sort(), [
      "platform-backup-vault",
      "platform-data-key",
      "platform-db-cluster",
      "platform-db-instance-1",
      "platform-network-data-a",
      "platform-network-data-b",
      "platform-network-data-c",
      "platform-network-vpc",
      "platform-objects-bucket",
      "platform-operations-key",
      "platform-secrets-app",
      "platform-secrets-app-value",
    ]);
  });

  it("protects nothing once platform:protect is false, so that a stack can be taken down", async () => {
    const resources = await stack({ protect: false });
    assert.deepEqual(
      resources.filter(({ protect }) => protect).map(({ name }) => name),
      [],
    );
    assert.equal(only(resources, "platform-db-cluster").inputs["deletionProtection"], false);
    assert.equal(
      only(resources, "platform-db-cluster").inputs["skipFinalSnapshot"],
      false,
      "a last snapshot is taken all the same",
    );
    assert.equal(only(resources, "platform-objects-bucket").inputs["forceDestroy"], true);
    assert.equal(only(resources, "platform-secrets-app").inputs["recoveryWindowInDays"], 0);
  });

  it("shows every resource in a first preview, when no cloud has answered yet: none is made inside apply", async () => {
    const { resources } = await run(() => platform(settings()), { preview: true });
    assert.deepEqual(resources.map(identity).sort(), (await stack()).map(identity).sort());
  });

  it("looks nothing up, neither in a preview nor in an update", async () => {
    // The mock engine throws at the first look-up, so these runs would fail.
    await run(() => platform(settings()), { preview: true });
    await run(() => platform(settings()));
  });

  it("gives every output that the contract promises", async () => {
    const { result } = await run(() => platform(settings()));
    assert.deepEqual(result, {
      stage: "monolith",
      url: "http://203.0.113.10",
      publicIp: "203.0.113.10",
      databaseEndpoint: "platform-db-cluster.cluster-test.eu-central-1.rds.amazonaws.com:5432",
      databaseName: "shop",
      databaseSecretArn: "arn:test:platform-db-cluster-password",
      objectsBucket: "platform-objects-bucket-0123456",
      logGroup: "/platform/app",
      dashboardUrl:
        "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/platform-monitoring",
      alarmTopics: { critical: "arn:test:platform-alarms-critical", warning: "arn:test:platform-alarms-warning" },
    });
  });

  it("gives the domain's address when there is a domain", async () => {
    const { result } = await run(() => platform(settings({ domain: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ" })));
    assert.equal((result as { url: string }).url, "https://shop.example.com");
  });

  it("puts the name of the platform before every other name, so that two platforms share an account", async () => {
    const resources = await stack({ name: "harbour" });
    const others = resources.filter(({ name }) => !name.startsWith("harbour-")).map(identity);
    assert.deepEqual(others, []);
    const text = JSON.stringify(resources.map(({ inputs }) => inputs)).replaceAll(/platform:(project|stack|name|backup)/g, "");
    assert.doesNotMatch(text.replaceAll('"platform"', ""), /platform-|\/platform\/(app"|\*)/, "no input holds the default name");
  });

  it("tags everything that costs money with its project, stack and name", async () => {
    const costly = (await stack()).filter(({ type }) => Object.keys(COSTLY).includes(type));
    assert.equal(
      costly.length,
      Object.values(COSTLY).reduce((sum, count) => sum + count),
    );
    for (const { inputs, name } of costly) {
      const { "platform:name": platform, "platform:project": project, "platform:stack": stackName } = inputs["tags"] as Tags;
      assert.deepEqual([platform, project, stackName], ["platform", "platform", "test"], name);
    }
  });
});

type Tags = Readonly<Record<string, string>>;

const COSTLY = {
  "aws:backup/plan:Plan": 1,
  "aws:backup/vault:Vault": 1,
  "aws:cloudwatch/logGroup:LogGroup": 3,
  "aws:cloudwatch/metricAlarm:MetricAlarm": 13,
  "aws:ec2/eip:Eip": 1,
  "aws:ec2/instance:Instance": 1,
  "aws:kms/key:Key": 2,
  "aws:rds/cluster:Cluster": 1,
  "aws:rds/clusterInstance:ClusterInstance": 1,
  "aws:s3/bucket:Bucket": 1,
  "aws:secretsmanager/secret:Secret": 1,
};
