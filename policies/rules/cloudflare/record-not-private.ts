import type { DnsRecordArgs } from "@pulumi/cloudflare/dnsRecord.js";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** Private, shared and loopback addresses (RFC 1918, RFC 6598, RFC 1122). */
const PRIVATE = /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

export default rule({
  id: "record-not-private",
  title: "No public name leads to a private address",
  severity: "medium",
  description: "It tells everyone how the network is laid out, and lets a web page reach into the networks of its visitors.",
  remediation: "Put the name into a private zone, or lead it to a public address.",
  controls: { cloudflare: ["dns/manage-dns-records/how-to/create-dns-records"], wellArchitected: ["SEC05"] },
  resources: {
    "cloudflare:index/dnsRecord:DnsRecord": (record: Resource<DnsRecordArgs>, { fail }) => {
      const content = record.at("content");
      if (record.at("type").value === "A" && PRIVATE.test(content.value ?? ""))
        fail(content, `content is ${content.shown}`, "it must be a public address");
    },
  },
});
