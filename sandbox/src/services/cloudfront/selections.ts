import { isProps, type Props, text, texts, type Value } from "../../core/values.ts";
import type { Selection } from "../../plane/cdn/plan.ts";

/** What the words of policies mean. */
const KINDS: Readonly<Record<string, Selection["kind"]>> = {
  none: "none",
  all: "all",
  allViewer: "all",
  allViewerAndWhitelistCloudFront: "all",
  whitelist: "only",
  allExcept: "except",
};

export const NOTHING: Selection = { kind: "none", names: [] };

/** A selection as a policy writes it: `{ headerBehavior, headers: { items } }` and the like. Names of headers ignore their case. */
export function selectionOf(config: Value | undefined, behavior: string, list: string): Selection {
  if (!isProps(config)) return NOTHING;
  const items = config[list];
  const names = isProps(items) ? texts(items, "items") : [];
  const lower = behavior === "headerBehavior";
  return { kind: KINDS[text(config, behavior)] ?? "none", names: lower ? names.map((name) => name.toLowerCase()) : names };
}

/** What is wrong with such a selection: names must be given where it is about some, and only there. */
export function selectionFault(config: Props, behavior: string, list: string, allowed: readonly string[]): string | undefined {
  const kind = text(config, behavior);
  if (!allowed.includes(kind)) return `${behavior} is "${kind}"; allowed: ${allowed.join(", ")}`;
  const items = config[list];
  const count = isProps(items) ? texts(items, "items").length : 0;
  const wantsNames = ["whitelist", "allExcept", "allViewerAndWhitelistCloudFront"].includes(kind);
  if (wantsNames && count === 0) return `with ${behavior} "${kind}", ${list}.items must name at least one`;
  return !wantsNames && count > 0 ? `with ${behavior} "${kind}" there are no ${list}` : undefined;
}
