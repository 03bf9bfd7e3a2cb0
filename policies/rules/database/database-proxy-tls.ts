import type { ProxyArgs } from "@pulumi/aws/rds/proxy.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "database-proxy-tls",
  title: "A database proxy takes connections by TLS only",
  severity: "medium",
  description: "Without TLS, logins and data cross the network for everyone on it to read.",
  remediation: "Set requireTls to true.",
  controls: { fsbp: ["RDS.43"], wellArchitected: ["SEC09"] },
  resources: { "aws:rds/proxy:Proxy": (proxy: Resource<ProxyArgs>, { must }) => must(proxy.at("requireTls"), beTrue) },
});
