/** A published catalogue of controls. */
export interface Framework {
  readonly title: string;
  readonly version: string;
  /** Where a control is described. */
  readonly url: (control: string) => string;
}

const SECURITY_HUB = "https://docs.aws.amazon.com/securityhub/latest/userguide";
const WELL_ARCHITECTED = "https://docs.aws.amazon.com/wellarchitected/latest/framework";

/** The catalogues that rules cite, by the key under which they cite them. */
export const frameworks = {
  fsbp: {
    title: "AWS Foundational Security Best Practices",
    version: "1.0.0",
    url: hubPage,
  },
  // Controls of Security Hub that other standards than its foundational one use.
  securityHub: {
    title: "AWS Security Hub",
    version: "CSPM",
    url: hubPage,
  },
  cisAws3: {
    title: "CIS AWS Foundations Benchmark",
    version: "3.0.0",
    url: () => `${SECURITY_HUB}/cis-aws-foundations-benchmark.html`,
  },
  cisAws5: {
    title: "CIS AWS Foundations Benchmark",
    version: "5.0.0",
    url: () => `${SECURITY_HUB}/cis-aws-foundations-benchmark.html`,
  },
  cisKubernetes: {
    title: "CIS Kubernetes Benchmark",
    version: "1.10",
    url: () => "https://www.cisecurity.org/benchmark/kubernetes",
  },
  pci4: { title: "PCI DSS", version: "4.0.1", url: () => `${SECURITY_HUB}/pci-standard.html` },
  // A control is the path of a page of Cloudflare's documentation.
  cloudflare: {
    title: "Cloudflare documentation",
    version: "2026-11",
    url: (control) => `https://developers.cloudflare.com/${control}/`,
  },
  wellArchitected: {
    title: "AWS Well-Architected Framework",
    version: "2024-11",
    url: (control) => `${WELL_ARCHITECTED}/${questionPage(control)}.html`,
  },
} as const satisfies Record<string, Framework>;

/** The key of a catalogue. */
export type FrameworkName = keyof typeof frameworks;

/** The controls that a rule answers, such as `{ fsbp: ["S3.1"], pci4: ["1.4.4"] }`. */
export type Controls = Readonly<Partial<Record<FrameworkName, readonly string[]>>>;

/** Every control that a rule cites, one by one. */
export function citations(controls: Controls): { readonly framework: FrameworkName; readonly control: string }[] {
  return (Object.keys(frameworks) as FrameworkName[]).flatMap((framework) =>
    (controls[framework] ?? []).map((control) => ({ framework, control })),
  );
}

/** Security Hub has a page a service, named after the control's prefix: `AutoScaling.1` is on `autoscaling-controls.html`. */
function hubPage(control: string): string {
  const service = (control.split(".")[0] ?? "").toLowerCase();
  return `${SECURITY_HUB}/${service}-controls.html#${control.toLowerCase().replace(".", "-")}`;
}

/** `REL09` is `rel-09.html`; the best practice `REL09-BP02` is described on a page that its question links to. */
function questionPage(control: string): string {
  return (control.split("-")[0] ?? "").toLowerCase().replace(/^([a-z]+)(\d+)$/, "$1-$2");
}
