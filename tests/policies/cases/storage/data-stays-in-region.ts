import rule from "../../../../policies/rules/storage/data-stays-in-region.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const TABLE = "aws:dynamodb/table:Table";
const SECRET = "aws:secretsmanager/secret:Secret";
const PLAN = "aws:backup/plan:Plan";
const INSTANCE = "aws:rds/instance:Instance";
const BACKUPS = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
const BUCKET = "aws:s3/bucket:Bucket";
const tags = { residency: "eu-west-1 eu-central-1" };
const wanted = "the data must stay in eu-west-1 eu-central-1.";
const copyInto = (region: string): Record<string, unknown> => ({
  rules: [{ copyActions: [{ destinationVaultArn: `arn:aws:backup:${region}:123456789012:backup-vault:copies` }] }],
});
const replicated = (region: string): Record<string, FixtureResource> => ({
  uploads: [BUCKET, { tags }],
  copy: [BUCKET, { region }],
  replication: [
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    { bucket: ref("uploads"), rules: [{ destination: { bucket: ref("copy", "arn") } }] },
  ],
});
const FREE = "data without the tag may be anywhere";
const NO_COPY = "without the copy, or with one in its own region, the data stays";

export default casesOf(rule, {
  passes: {
    "a table with a replica in an allowed region": { given: [TABLE, { tags, replicas: [{ regionName: "eu-west-1" }] }] },
    "a secret with a replica in an allowed region": { given: [SECRET, { tags, replicas: [{ region: "eu-west-1" }] }] },
    "a plan that copies within the regions": { given: [PLAN, { tags, ...copyInto("eu-west-1") }] },
    "a database with a replica and backups in an allowed region": {
      given: {
        shop: [INSTANCE, { tags }],
        copy: [INSTANCE, { replicateSourceDb: ref("shop", "arn"), region: "eu-west-1" }],
        kept: [BACKUPS, { sourceDbInstanceArn: ref("shop", "arn"), region: "eu-west-1" }],
      },
    },
    "a bucket that is copied within the regions": { given: replicated("eu-west-1") },
    "a table that may be anywhere": {
      given: [TABLE, { replicas: [{ regionName: "us-east-1" }] }],
      cannotBreak: "it has no tag",
    },
  },
  fails: {
    "a table with a replica elsewhere": {
      given: [TABLE, { tags, replicas: [{ regionName: "eu-west-1" }, { regionName: "us-east-1" }] }],
      says: `replicas[1].regionName is "us-east-1"; ${wanted}`,
    },
    "a secret with a replica elsewhere": {
      given: [SECRET, { tags, replicas: [{ region: "us-east-1" }] }],
      says: `replicas[0].region is "us-east-1"; ${wanted}`,
    },
    "a plan that copies elsewhere": {
      given: [PLAN, { tags, ...copyInto("us-east-1") }],
      says: `rules[0].copyActions[0].destinationVaultArn is "arn:aws:backup:us-east-1:123456789012:backup-vault:copies"; ${wanted}`,
    },
    "a database with a replica and backups elsewhere": {
      given: {
        shop: [INSTANCE, { tags }],
        copy: [INSTANCE, { replicateSourceDb: ref("shop", "arn"), region: "us-east-1" }],
        kept: [BACKUPS, { sourceDbInstanceArn: ref("shop", "arn"), region: "us-west-2" }],
      },
      says: [`shop: copy.region is "us-east-1"; ${wanted}`, `shop: kept.region is "us-west-2"; ${wanted}`],
    },
    "a bucket that is copied elsewhere": {
      given: replicated("us-east-1"),
      says: `uploads: copy.region is "us-east-1"; ${wanted}`,
    },
    "a table under another tag": {
      given: [TABLE, { tags: { "data-region": "eu-west-1" }, replicas: [{ regionName: "us-east-1" }] }],
      config: { tag: "data-region" },
      says: 'replicas[0].regionName is "us-east-1"; the data must stay in eu-west-1.',
    },
  },
  unknown: {
    "a region that is chosen later": {
      given: [TABLE, { tags, replicas: [{ regionName: UNKNOWN }, { regionName: "us-east-1" }] }],
      open: "replicas[0].regionName",
      says: `replicas[1].regionName is "us-east-1"; ${wanted}`,
    },
    "tags that are decided later": { given: [TABLE, { tags: UNKNOWN, replicas: [{ regionName: "us-east-1" }] }], open: "tags" },
  },
  survives: {
    "*tags*: left out": FREE,
    "*tags*: empty": FREE,
    "*replicas*: left out": NO_COPY,
    "*replicas*: empty": NO_COPY,
    "rules*: left out": NO_COPY,
    "rules*: empty": NO_COPY,
    "copy: *": NO_COPY,
    "kept: *": NO_COPY,
    "replication: *": NO_COPY,
  },
});
