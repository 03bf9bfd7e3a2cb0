import type { DnsRecordArgs } from "@pulumi/cloudflare/dnsRecord.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** The types that the edge can stand before (Cloudflare, "Proxy status"). */
const PROXIED = ["A", "AAAA", "CNAME"];

export default rule({
  id: "record-behind-edge",
  title: "A name leads to the edge, not to the origin",
  severity: "medium",
  description: "A name that is not proxied tells the address of the origin to everyone, and the firewall is walked around.",
  remediation: "Set proxied to true. For a name that no browser asks for, such as one of mail, exempt it with that reason.",
  controls: { cloudflare: ["dns/proxy-status"], wellArchitected: ["SEC05"] },
  level: "advisory",
  resources: {
    "cloudflare:index/dnsRecord:DnsRecord": (record: Resource<DnsRecordArgs>, { must }) => {
      if (PROXIED.includes(record.at("type").value ?? "")) must(record.at("proxied"), beTrue);
    },
  },
});
