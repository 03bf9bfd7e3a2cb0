import type { Finding } from "../framework/check.ts";
import type { Rule } from "../framework/rule.ts";

/** The folder, or the URL, under which each rule has its page. */
export const DOCS = "docs/policies";

/** Where a rule's page is. */
export function pageOf({ id }: Pick<Rule, "id">, docs = DOCS): string {
  return `${docs.replace(/\/$/, "")}/${id}.md`;
}

/** A finding as one sentence: what was found, and what is wanted. */
export function sentence(finding: Finding): string {
  switch (finding.kind) {
    case "violation":
      return `${finding.found}; ${finding.wanted}.`;
    case "unknown":
      return `${finding.at} is ${finding.why}.`;
    case "fault":
      return `the rule itself failed (${finding.error.message}); this is a fault of the rule, and says nothing of the resource.`;
  }
}

/** Where in the rule's file it failed: the first line of the error's stack. */
export function placeOf({ stack = "" }: Error): string {
  return /^\s+at .*?((?:rules|framework)\/[\w/.-]+:\d+)/m.exec(stack)?.[1] ?? "";
}
