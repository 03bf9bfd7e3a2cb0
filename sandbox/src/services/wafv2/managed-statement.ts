import { isProps, type Props, text, type Value, valuesAt } from "../../core/values.ts";
import { closest } from "fastest-levenshtein";
import { shown } from "../limits.ts";
import { MANAGED_RULE_GROUPS } from "./managed-rule-groups.ts";

/** The kind of statement that asks a group of AWS's own rules. */
export const MANAGED = "managedRuleGroupStatement";

/** What is wrong with such a statement. */
export function groupFault(block: Props, nested: (statement: Value | undefined) => string | undefined): string | undefined {
  const [vendor, name] = [text(block, "vendorName"), text(block, "name")];
  if (vendor !== "AWS") return `vendorName: ${shown(vendor)}: the sandbox has the groups of AWS alone; give "AWS"`;
  const group = MANAGED_RULE_GROUPS[name];
  const names = Object.keys(MANAGED_RULE_GROUPS);
  if (group === undefined)
    return `name: AWS keeps no rule group ${shown(name)}; did you mean ${closest(name, names)}? There are: ${names.join(", ")}`;
  const rules = group.rules?.map((rule) => rule.name);
  const odd = valuesAt(block, "ruleActionOverrides[].name").find(
    (rule) => rules !== undefined && !rules.some((known) => known === rule),
  );
  if (odd !== undefined)
    return `ruleActionOverrides: ${name} has no rule ${shown(odd)}; there are: ${rules?.join(", ") ?? "none"}`;
  const lookalike = valuesAt(block, "ruleActionOverrides[].actionToUse")
    .filter(isProps)
    .flatMap((action) => Object.keys(action))
    .find((action) => ["captcha", "challenge"].includes(action));
  if (lookalike !== undefined) return `ruleActionOverrides: the sandbox does not play ${lookalike}: nobody here answers one`;
  return block["scopeDownStatement"] === undefined ? undefined : nested(block["scopeDownStatement"]);
}

/** What the group costs: a statement that narrows it down costs nothing more. */
export function managedCapacity(block: Props): number {
  return MANAGED_RULE_GROUPS[text(block, "name")]?.capacity ?? 0;
}
