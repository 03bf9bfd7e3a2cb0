import type { DomainArgs } from "@pulumi/aws/opensearch/domain.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "search-encrypted",
  title: "A search domain is encrypted on its disks and between its nodes",
  severity: "high",
  description:
    "An index holds a copy of the data it finds. Neither encryption can be taken off again, and older domains cannot get it in place.",
  remediation: "Set encryptAtRest.enabled and nodeToNodeEncryption.enabled to true.",
  controls: { fsbp: ["Opensearch.1", "Opensearch.3"], pci4: ["3.5.1"], wellArchitected: ["SEC08", "SEC09"] },
  resources: {
    "aws:opensearch/domain:Domain": (domain: Resource<DomainArgs>, { must }) => {
      must(domain.at("encryptAtRest", "enabled"), beTrue);
      must(domain.at("nodeToNodeEncryption", "enabled"), beTrue);
    },
  },
});
