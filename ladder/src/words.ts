import pc from "picocolors";
import type { Change } from "./changes.ts";
import type { CostEstimate } from "./cost/estimate.ts";
import { PRICES } from "./cost/prices.ts";
import { type Breach, type Farewell, removals } from "./guard.ts";
import type { Step } from "./standing.ts";
import type { Seen } from "./watch.ts";

/** What a step is about, as a heading. */
export function stepTitle({ deed, standing }: Step): string {
  const { alongside = "", stage } = standing;
  if (deed === "build") return `Build ${alongside} beside ${stage}, which goes on to serve`;
  if (deed === "switch") return `Send people to ${stage}; ${alongside} goes on to answer those who still come`;
  return `Take away what served before ${stage}`;
}

/** How many resources a preview would make, change and remove. */
export function changeCounts(changes: readonly Change[]): string {
  const count = (...ops: string[]) => changes.filter(({ op }) => ops.includes(op)).length;
  return [
    `${count("create")} to make`,
    `${count("update")} to change in place`,
    `${count("replace", "create-replacement")} to replace`,
    `${removals(changes).length} to remove`,
  ].join(", ");
}

/** How many resources a move would make, change and remove, or its first step where the end can't be seen yet. */
export function surveyLine(changes: readonly Change[], whole: boolean): string {
  return whole ? `In all: ${changeCounts(changes)}.` : `First: ${changeCounts(changes)}. What goes is previewed before it goes.`;
}

/** A refusal: each stateful resource, why, and how to get there without losing it. */
export function breachLines(found: readonly Breach[]): string[] {
  return found.flatMap(({ harm, mend, name, type, urn, why }) => [
    `${pc.bold(name)} (${type}) would be ${harm}: ${why}.`,
    `  ${mend}`,
    `  ${pc.dim(urn)}`,
  ]);
}

/** What goes and what stays behind, for people to read before it happens. */
export function farewellLines(found: readonly Farewell[]): string[] {
  return found.map(({ kind, name, type }) => `${name} (${type}) ${FAREWELLS[kind]}`);
}

const FAREWELLS: Readonly<Record<Farewell["kind"], string>> = {
  retained: "leaves the stack and stays in the cloud",
  copy: "is deleted; all it holds stands elsewhere as well",
  diagnostic: "is deleted with what it tells of",
};

/** Both sums in one line. */
export function costLine(cost: CostEstimate): string {
  const unknown = cost.unknown.length === 0 ? "" : `, without ${cost.unknown.join(", ")} (no price known)`;
  return `${usd(cost.idle)} a month idle, ${usd(cost.full)} with everything at its limit${unknown}`;
}

/** What the figures leave out, and how old they are. */
export const COST_NOTE = `Prices of ${PRICES.region} as of ${PRICES.asOf}, without tax, traffic, requests and stored data.`;

/** What people met during a move. */
export function seenLine({ failed, faults, longestOutageMs, p95Ms, requests }: Seen): string {
  const latency = Number.isNaN(p95Ms) ? "" : `, p95 ${Math.round(p95Ms)} ms`;
  if (failed === 0) return `${requests} requests, none failed${latency}`;
  const kinds = Object.entries(faults).map(([fault, count]) => `${count} × ${fault}`);
  return `${requests} requests, ${failed} failed (${kinds.join(", ")}; longest outage ${Math.round(longestOutageMs)} ms)${latency}`;
}

function usd(amount: number): string {
  return `${Math.round(amount)} USD`;
}
