import { rule } from "../../framework/rule.ts";
import { everyoneIn, ofOpenings, portsOf, spelt } from "../../shared/openings.ts";

export default rule({
  id: "only-web-ports-open-to-anyone",
  title: "A security group opens only ports 80 and 443 to the whole internet",
  severity: "critical",
  description: "A database, a cache or a remote shell that the whole internet reaches is tried by strangers within minutes.",
  remediation: "Name the security group (referencedSecurityGroupId) or the narrow address range that has to reach the port.",
  controls: { fsbp: ["EC2.18", "EC2.19"], wellArchitected: ["SEC05"] },
  config: {
    ports: {
      type: "array",
      items: { type: "integer" },
      default: [80, 443],
      description: "Ports that may be open to everyone: by default plain HTTP, to be redirected, and TLS.",
    },
  },
  resources: ofOpenings<{ readonly ports: readonly number[] }>((opening, check) => {
    const everyone = everyoneIn(opening, check);
    const ports = everyone === undefined ? "none" : portsOf(opening);
    if (ports === "none") return;
    if (ports !== "all" && ports.from === ports.to && check.config.ports.includes(ports.from)) return;
    check.fail(
      opening.at,
      `${String(everyone)} may reach ${spelt(ports)}`,
      `everyone may reach only: ${check.config.ports.join(", ")}`,
    );
  }),
});
