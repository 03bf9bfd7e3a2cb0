import { rule } from "../../framework/rule.ts";
import { everyoneIn, ofOpenings, portsOf, spelt } from "../../shared/openings.ts";

export default rule({
  id: "admin-ports-closed",
  title: "Nobody on the internet reaches the ports by which servers are managed",
  severity: "critical",
  description: "SSH and remote desktop are tried by strangers all day; one weak password or one unpatched hole is enough.",
  remediation: "Use Session Manager, which needs no open port, or name the range from which you manage.",
  controls: {
    securityHub: ["EC2.13", "EC2.14", "EC2.53", "EC2.54"],
    cisAws3: ["5.2", "5.3"],
    cisAws5: ["5.3", "5.4"],
    pci4: ["1.3.1"],
    wellArchitected: ["SEC05"],
  },
  config: {
    ports: { type: "array", items: { type: "integer" }, default: [22, 3389], description: "Ports by which servers are managed." },
  },
  resources: ofOpenings<{ readonly ports: readonly number[] }>((opening, check) => {
    const everyone = everyoneIn(opening, check);
    const ports = everyone === undefined ? "none" : portsOf(opening);
    if (ports === "none") return;
    const reached = check.config.ports.filter((port) => ports === "all" || (ports.from <= port && port <= ports.to));
    if (reached.length > 0)
      check.fail(opening.at, `${String(everyone)} may reach ${spelt(ports)}`, `nobody may reach: ${reached.join(", ")}`);
  }),
});
