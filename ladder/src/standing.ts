import { UserError } from "./user-error.ts";

/** What of a platform stands: the stage that serves people, and the one that stands beside it during a move. */
export interface Standing {
  readonly stage: string;
  readonly alongside?: string;
}

/** What a step of a move does to the platform. */
export type Deed = "build" | "switch" | "remove";

/** One update of a move. Each is safe to do again, so a move that was cut off goes on where it was. */
export interface Step {
  readonly deed: Deed;
  readonly standing: Standing;
}

/**
 * The updates that bring a platform from where it stands to a stage beside its own.
 *
 * There are three, up and down alike: the other stage is built beside the one that serves; people are sent to it; what served before is
 * taken away. A platform in the middle of a move goes on with the update in which it was, because that may be half done; it can also be
 * sent back, by the same three updates in reverse.
 *
 * @param stages every stage, smallest first.
 * @throws UserError for an unknown stage, a step over a stage, or a platform in the middle of another move.
 */
export function stepsTo(target: string, from: Standing, stages: readonly string[]): Step[] {
  if (!stages.includes(target))
    throw new UserError("There is no such stage.", [`given: ${target}`, `allowed: ${stages.join(", ")}`]);
  const other = from.stage === target ? (from.alongside ?? neighbour(target, stages)) : from.stage;
  checkNeighbours(target, from, stages);
  const all: Step[] = [
    { deed: "build", standing: { stage: other, alongside: target } },
    { deed: "switch", standing: { stage: target, alongside: other } },
    { deed: "remove", standing: { stage: target } },
  ];
  const now = all.findIndex(({ standing }) => same(standing, from));
  return all.slice(Math.max(now, 0));
}

/** The stage above (or, for `back`, below) the one that serves. In the middle of a move, the one it goes to (or comes from). */
export function nextStage(from: Standing, stages: readonly string[], back: boolean): string {
  const pair = [from.stage, from.alongside ?? from.stage].map((stage) => stages.indexOf(stage));
  const to = from.alongside === undefined ? (pair[0] ?? 0) + (back ? -1 : 1) : back ? Math.min(...pair) : Math.max(...pair);
  const stage = stages[to];
  if (stage !== undefined && to >= 0) return stage;
  throw new UserError(`There is no stage ${back ? "below" : "above"} ${from.stage}.`, [`the stages: ${stages.join(", ")}`]);
}

function same(left: Standing, right: Standing): boolean {
  return left.stage === right.stage && left.alongside === right.alongside;
}

/** Any neighbour will do where nothing has to be built or switched: only the last step is left then. */
function neighbour(stage: string, stages: readonly string[]): string {
  return stages[stages.indexOf(stage) - 1] ?? stages[1] ?? stage;
}

function checkNeighbours(target: string, { alongside, stage }: Standing, stages: readonly string[]): void {
  if (alongside !== undefined && ![stage, alongside].includes(target))
    throw new UserError("The platform is in the middle of another move.", [
      `it goes between ${stage} and ${alongside}; given: ${target}`,
      `finish that first: npm run ladder -- --to ${stage}, or --to ${alongside}`,
    ]);
  const distance = Math.abs(stages.indexOf(stage) - stages.indexOf(target));
  if (distance > 1)
    throw new UserError("A move goes one stage at a time.", [
      `from: ${stage}; given: ${target}`,
      `next: npm run ladder -- --to ${stages[stages.indexOf(stage) + Math.sign(stages.indexOf(target) - stages.indexOf(stage))] ?? ""}`,
    ]);
}
