import { estimate } from "../../ladder/src/cost/estimate.ts";
import { PRICES } from "../../ladder/src/cost/prices.ts";
import { platform } from "../../stacks/platform.ts";
import { STAGES, type StageName } from "../../stacks/rungs.ts";
import { type Recorded, record } from "./record.ts";
import { settings } from "./settings.ts";

/** A component of a stage, with the names of what is in it. */
interface Part {
  readonly name: string;
  /** Such as `AppServer`. */
  readonly type: string;
  /** The folder under `components/`. */
  readonly concern: string;
  readonly resources: readonly Recorded[];
}

const COMPONENT = /^platform:([^:]+):([^:]+)$/;
/** Everything is encrypted with a key, watched, and told to a topic, so those arrows would say nothing. */
const EVERYWHERE = ["Encryption", "AlarmTopics", "Monitoring"];

/** For each stage its drawing and its cost, made from the program as it is. */
export async function stagesPart(): Promise<string> {
  const sections: string[] = [];
  for (const stage of STAGES) sections.push(...(await stageSection(stage)));
  return sections.join("\n\n");
}

async function stageSection(stage: StageName): Promise<string[]> {
  const resources = await record(() =>
    platform(settings({ stage, domain: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ" })),
  );
  const parts = partsOf(resources);
  const custom = resources.filter(({ type }) => !COMPONENT.test(type));
  return [
    `### ${stage} as the program has it`,
    `${parts.length} components, ${custom.length} resources.`,
    drawing(parts),
    cost(resources),
  ];
}

/** The components, each with the resources whose name begins with its own. */
function partsOf(resources: readonly Recorded[]): Part[] {
  const components = resources.filter(({ type }) => COMPONENT.test(type) && !hasOuter(type, resources));
  const owner = ({ name, urn }: Recorded) =>
    components
      .filter((each) => urn.includes(each.type) && (name === each.name || name.startsWith(`${each.name}-`)))
      .sort((left, right) => right.name.length - left.name.length)[0];
  return components.map((component) => {
    const [, concern = "", type = ""] = COMPONENT.exec(component.type) ?? [];
    return { name: component.name, type, concern, resources: resources.filter((each) => owner(each) === component) };
  });
}

/** Whether components of this type stand inside others. */
function hasOuter(type: string, resources: readonly Recorded[]): boolean {
  return resources.some(({ urn }) => urn.includes(`$${type}::`));
}

/** A Mermaid drawing: an arrow goes from what uses to what is used. */
function drawing(parts: readonly Part[]): string {
  const shown = parts.filter(({ type }) => !EVERYWHERE.includes(type));
  const holder = new Map(shown.flatMap((part) => part.resources.map(({ name }) => [name, part] as const)));
  const arrows = new Set(
    shown.flatMap((part) =>
      part.resources
        .flatMap(({ dependencies }) => dependencies.map((name) => holder.get(name)))
        .filter((used) => used !== undefined && used !== part)
        .map((used) => `  ${part.name} --> ${used?.name ?? ""}`),
    ),
  );
  const concerns = [...new Set(shown.map(({ concern }) => concern))].sort();
  return [
    "```mermaid",
    "flowchart LR",
    ...concerns.flatMap((concern) => [
      `  subgraph ${concern}`,
      ...shown.filter((part) => part.concern === concern).map(({ name, type }) => `    ${name}["${type}<br>${name}"]`),
      "  end",
    ]),
    ...[...arrows].sort(),
    "```",
  ].join("\n");
}

function cost(resources: readonly Recorded[]): string {
  const { full, idle, lines } = estimate(resources);
  const usd = (amount: number) => amount.toFixed(2);
  const rows = lines.map((line) => `| ${line.count} × ${line.what} | ${usd(line.idle)} | ${usd(line.full)} |`);
  return [
    `A month in USD, in ${PRICES.region} as of ${PRICES.asOf}, without tax, traffic, requests and stored data; with the settings' defaults:`,
    "",
    "| what | idle | everything at its limit |",
    "| --- | --: | --: |",
    ...rows,
    `| **sum** | **${usd(idle)}** | **${usd(full)}** |`,
  ].join("\n");
}
