import rule from "../../../../policies/rules/database/database-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CLUSTER = "aws:rds/cluster:Cluster";
const DOCUMENTS = "aws:docdb/cluster:Cluster";
const GRAPH = "aws:neptune/cluster:Cluster";
const INSTANCE = "aws:rds/instance:Instance";

export default casesOf(rule, {
  passes: {
    "an encrypted cluster": { given: [CLUSTER, { storageEncrypted: true }] },
    "an encrypted instance": { given: [INSTANCE, { storageEncrypted: true }] },
    "a replica, which takes over what its source has": { given: [INSTANCE, { replicateSourceDb: "shop" }] },
    "a cluster that replicates another": { given: [CLUSTER, { replicationSourceIdentifier: "arn:aws:rds:::cluster:shop" }] },
    "an encrypted store of documents": { given: [DOCUMENTS, { storageEncrypted: true }] },
    "a store of documents that follows a global one": { given: [DOCUMENTS, { globalClusterIdentifier: "shop" }] },
    "an encrypted graph": { given: [GRAPH, { storageEncrypted: true }] },
  },
  fails: {
    "a cluster that says nothing of it": { given: [CLUSTER, {}], says: "storageEncrypted is nothing; it must be true." },
    "an instance that is not encrypted": {
      given: [INSTANCE, { storageEncrypted: false }],
      says: "storageEncrypted is false; it must be true.",
    },
    "a store of documents that is not encrypted": {
      given: [DOCUMENTS, { storageEncrypted: false }],
      says: "storageEncrypted is false; it must be true.",
    },
    "a graph that says nothing of it": { given: [GRAPH, {}], says: "storageEncrypted is nothing; it must be true." },
  },
  unknown: {
    "a cluster whose encryption is decided later": {
      given: [CLUSTER, { storageEncrypted: UNKNOWN }],
      open: "storageEncrypted",
    },
    "an instance that may be a replica": {
      given: [INSTANCE, { replicateSourceDb: UNKNOWN, storageEncrypted: false }],
      open: "replicateSourceDb",
    },
  },
  survives: {
    "globalClusterIdentifier: another text": "a member of another global cluster is one all the same",
    "replicateSourceDb: another text": "a replica of another source is a replica all the same",
    "replicationSourceIdentifier: another text": "a replica of another source is a replica all the same",
  },
});
