import { existsSync } from "node:fs";
import { join } from "node:path";
import { discoverRules, type FoundRule } from "../../../policies/framework/discover.ts";
import type { RuleCases } from "./cases.ts";

const CASES = join(import.meta.dirname, "../cases");

/** A rule of the pack with its cases; without, when nobody wrote any. */
export interface Covered extends FoundRule {
  readonly cases: RuleCases | undefined;
  /** Where its cases stand, from the root of the repository. */
  readonly file: string;
}

/** Every rule of the pack and its cases. */
export async function everyRule(): Promise<Covered[]> {
  return Promise.all(
    (await discoverRules()).map(async ({ concern, rule }) => {
      const path = join(CASES, concern, `${rule.id}.ts`);
      const cases = existsSync(path) ? ((await import(path)) as { default: RuleCases }).default : undefined;
      return { rule, concern, cases, file: `tests/policies/cases/${concern}/${rule.id}.ts` };
    }),
  );
}
