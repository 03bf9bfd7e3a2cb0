/** `npm run bench`: what the platform costs its users in time and memory, as medians over several runs; ratios compare within one run. */
import { parseArgs } from "node:util";
import { type Figure, isMet, report } from "./measure.ts";
import { platformFigures } from "./platform.ts";
import { shopFigures } from "./shop.ts";

const benches = {
  platform: { about: "npm start, preview, destroy and the daemon's memory, on a sandbox of its own", measure: platformFigures },
  shop: {
    about: "the catalogue and a product against bare Fastify and pg with the same queries; checkout, start, memory, jobs",
    measure: shopFigures,
  },
} as const;
type Name = keyof typeof benches;

const names = Object.keys(benches) as Name[];
const help = `Usage: npm run bench [-- NAME... --runs N]

${names.map((name) => `  ${name.padEnd(10)}${benches[name].about}`).join("\n")}

Measures all of them unless some are named. --runs: how often each figure is measured, from 1 to 20 (default 3).
Exits with 1 when a goal is missed. Nothing else should run on the machine meanwhile.`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", short: "h" }, runs: { type: "string", default: "3" } },
  });
  if (values.help === true) {
    console.log(help);
    return 0;
  }
  const unknown = positionals.filter((name) => !names.includes(name as Name));
  const runs = Number(values.runs);
  const faults = [
    ...(unknown.length > 0 ? [`unknown benchmark: ${unknown.join(", ")}; allowed: ${names.join(", ")}`] : []),
    ...(Number.isInteger(runs) && runs >= 1 && runs <= 20
      ? []
      : [`--runs: "${values.runs}" is given; allowed: a whole number from 1 to 20`]),
  ];
  if (faults.length > 0) throw new Error(faults.join("\n"));
  const figures: Figure[] = [];
  for (const name of names.filter((each) => positionals.length === 0 || positionals.includes(each))) {
    console.error(`── ${name}: ${benches[name].about}`);
    figures.push(...(await benches[name].measure(runs)));
  }
  for (const line of report(figures)) console.log(line);
  return figures.some((figure) => isMet(figure) === false) ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
