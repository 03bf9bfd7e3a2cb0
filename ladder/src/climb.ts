import { setTimeout as pause } from "node:timers/promises";
import { type Change, readPreview } from "./changes.ts";
import { costOf } from "./cost/estimate.ts";
import { type Breach, breaches, farewells } from "./guard.ts";
import type { Place } from "./place.ts";
import { must, type StackConfig } from "./stack-config.ts";
import type { Standing, Step } from "./standing.ts";
import { UserError } from "./user-error.ts";
import { Watch } from "./watch.ts";
import { breachLines, changeCounts, costLine, COST_NOTE, farewellLines, seenLine, stepTitle, surveyLine } from "./words.ts";

/** Rules that every update is checked against. */
const POLICIES = ["--policy-pack", "policies"];

/** How long a stage that was just built may take to answer. */
const READY_SECONDS = 600;

export interface ClimbOptions {
  readonly place: Place;
  readonly config: StackConfig;
  readonly steps: readonly Step[];
  /** Seconds for which what served before goes on to answer: no resolver may remember the old address for longer. */
  readonly drainSeconds: number;
  /** A line for people. */
  readonly say: (line?: string) => void;
  /** Asks people whether to go on. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** What a preview tells before a move. */
export interface Survey {
  readonly changes: readonly Change[];
  /** Whether they are those of the whole move, or of its first step alone. */
  readonly whole: boolean;
}

/**
 * The move as a preview of its end, without doing anything. What a stage protects can be taken away only once the other stage serves, so on the way back the end
 * can't be previewed from the beginning; then the first step is, and each further one before it is done.
 */
export async function survey({ config, place, steps }: Pick<ClimbOptions, "config" | "place" | "steps">): Promise<Survey> {
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) return { changes: [], whole: true };
  try {
    return { changes: await preview(place, config, last.standing), whole: true };
  } catch (error) {
    if (!(error instanceof UserError) || first === last) throw error;
    return { changes: await preview(place, config, first.standing), whole: false };
  }
}

/**
 * Moves a platform step by step. Before each update its preview is checked, so that nothing that holds data is ever replaced or deleted;
 * after each the product must answer. Gives whether it was done: people may say no.
 *
 * @throws UserError when the guard refuses, an update fails or the product does not answer. What was done stays; the same move goes on from there.
 */
export async function climb(options: ClimbOptions): Promise<boolean> {
  const { confirm, say, steps } = options;
  const { changes, whole } = await survey(options);
  const { after, before } = costOf(changes);
  say(surveyLine(changes, whole));
  refuse(breaches(changes));
  for (const line of farewellLines(farewells(changes))) say(`  ${line}`);
  say(`Cost before: ${costLine(before)}`);
  say(`${whole ? "Cost after:  " : "Cost while both stand: "}${costLine(after)}`);
  say(COST_NOTE);
  if (steps.length === 1 && isQuiet(changes)) {
    say("Nothing is left to do.");
    return true;
  }
  if (!(await confirm("Go on?"))) return false;

  const watch = await watchProduct(options);
  try {
    for (const [index, step] of steps.entries()) {
      say();
      say(`${index + 1}/${steps.length} ${stepTitle(step)}`);
      await take(step, options);
    }
  } finally {
    const seen = await watch?.stop();
    if (seen !== undefined) say(`\nThe product during the move: ${seenLine(seen)}.`);
  }
  return true;
}

async function take(step: Step, options: ClimbOptions): Promise<void> {
  const { config, drainSeconds, place, say } = options;
  const changes = await preview(place, config, step.standing);
  say(`  ${changeCounts(changes)}`);
  refuse(breaches(changes));
  if (step.deed === "remove" && removesSomething(changes)) {
    say(`  Waiting ${drainSeconds} s for those who still hold the old address ...`);
    await pause(drainSeconds * 1000);
  }
  // Written down first: an update that is cut off is found by the next run, and done again.
  await config.write(step.standing);
  const code = await place.live(["up", "--yes", "--skip-preview", ...POLICIES]);
  if (code !== 0)
    throw new UserError("The update did not finish; what it says is above.", [
      "What was done stays, and what serves people now was not touched.",
      "Put right what it names and give the same command again: it goes on from here. Or turn back: npm run ladder -- --back",
    ]);
  const url = await output(place, step.deed === "build" ? "besideUrl" : "url");
  if (url !== undefined) await answers(await place.reach(url), step.deed === "build");
}

/** Throws with every stateful resource that would be lost. */
export function refuse(found: readonly Breach[]): void {
  if (found.length === 0) return;
  const [what, it] = found.length === 1 ? ["a stateful resource", "it"] : [`${found.length} stateful resources`, "them"];
  throw new UserError(`This would lose ${what}; nothing was changed to ${it}.`, breachLines(found));
}

async function preview(place: Place, config: StackConfig, standing: Standing): Promise<Change[]> {
  return config.lend(standing, async (file) =>
    readPreview(await must(place, ["preview", "--json", "--show-sames", "--config-file", file, ...POLICIES])),
  );
}

function removesSomething(changes: readonly Change[]): boolean {
  return changes.some(({ op }) => op === "delete");
}

function isQuiet(changes: readonly Change[]): boolean {
  return changes.every(({ op }) => op === "same");
}

/** One of the stack's outputs; undefined where the stage gives none of that name. */
async function output(place: Place, name: string): Promise<string | undefined> {
  const outputs = JSON.parse(await must(place, ["stack", "output", "--json"])) as Record<string, unknown>;
  const value = outputs[name];
  return typeof value === "string" ? value : undefined;
}

/** Watches the product from its first answer on; undefined for a stack that does not stand yet. */
async function watchProduct({ place }: ClimbOptions): Promise<Watch | undefined> {
  const url = await output(place, "url");
  if (url === undefined) return undefined;
  const local = await place.reach(url);
  return new Watch({ url: () => Promise.resolve(local) }).start();
}

/** Waits until something answers; what stands beside may refuse us (403) or send us on, which shows that it lives. */
async function answers(url: string, beside: boolean): Promise<void> {
  const deadline = Date.now() + READY_SECONDS * 1000;
  let last = "nothing";
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
      if (beside ? response.status < 500 : response.ok) return;
      last = `HTTP ${response.status}`;
    } catch (error) {
      last = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    }
    await pause(500);
  }
  throw new UserError(`${url} did not answer within ${READY_SECONDS} s.`, [
    `last: ${last}`,
    "Nothing was taken away. Give the same command again to go on from here, or turn back: npm run ladder -- --back",
  ]);
}
