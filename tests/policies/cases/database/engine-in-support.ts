import rule from "../../../../policies/rules/database/engine-in-support.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";
const DOCUMENTS = "aws:docdb/cluster:Cluster";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const DOMAIN = "aws:opensearch/domain:Domain";

export default casesOf(rule, {
  passes: {
    "Aurora of a version in support": { given: [CLUSTER, { engine: "aurora-postgresql", engineVersion: "17.5" }] },
    "Aurora with a long name of a version": {
      given: [CLUSTER, { engine: "aurora-mysql", engineVersion: "8.0.mysql_aurora.3.08.0" }],
    },
    "an instance of the oldest version in support": { given: [INSTANCE, { engine: "postgres", engineVersion: "14" }] },
    "a store of documents in support": { given: [DOCUMENTS, { engineVersion: "5.0.0" }] },
    "a cache in support": { given: [CACHE, { engine: "valkey", engineVersion: "8.0" }] },
    "search in support": { given: [DOMAIN, { engineVersion: "OpenSearch_2.19" }] },
    "an engine that is bought with its support": {
      given: [INSTANCE, { engine: "oracle-ee", engineVersion: "12" }],
      cannotBreak: "its seller supports it",
    },
  },
  fails: {
    "Aurora of a version out of support": {
      given: [CLUSTER, { engine: "aurora-postgresql", engineVersion: "12.9" }],
      says: 'engineVersion is "12.9"; it must be at least 14 for aurora-postgresql.',
    },
    "MySQL 5.7": {
      given: [INSTANCE, { engine: "mysql", engineVersion: "5.7.44" }],
      says: 'engineVersion is "5.7.44"; it must be at least 8.4 for mysql.',
    },
    "DocumentDB 3.6": {
      given: [DOCUMENTS, { engineVersion: "3.6.0" }],
      says: 'engineVersion is "3.6.0"; it must be at least 4.0 for docdb.',
    },
    "a cache that says nothing of its engine, which is Redis": {
      given: [CACHE, { engineVersion: "5.0.6" }],
      says: 'engineVersion is "5.0.6"; it must be at least 6.0 for redis.',
    },
    Elasticsearch: {
      given: [DOMAIN, { engineVersion: "Elasticsearch_6.8" }],
      says: 'engineVersion is "Elasticsearch_6.8"; it must be a version in standard support.',
    },
  },
  unknown: {
    "a version that is chosen later": {
      given: [CLUSTER, { engine: "aurora-mysql", engineVersion: UNKNOWN }],
      open: "engineVersion",
    },
    "an engine that is chosen later": { given: [CLUSTER, { engine: UNKNOWN, engineVersion: "12.9" }], open: "engine" },
  },
  survives: {
    "engine: *": "the version is in support of what the engine then is, or nobody knows that engine",
    "engineVersion: left out": "the newest is what AWS takes by itself",
    "engineVersion: empty": "AWS refuses what is no version",
    "engineVersion: another text": "AWS refuses what is no version",
  },
});
