import { isProps, type Props, text, type Value, valuesAt } from "../../core/values.ts";
import { between, given, oneOf } from "../limits.ts";

/** An answer in the place of the product's. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** @default - the page of what stands behind the firewall */
  readonly body?: { readonly type: string; readonly text: string };
}

/** What is done with a request that a rule matches, or that no rule decides. */
export type Action =
  | { readonly kind: "allow" | "count"; readonly insert: Readonly<Record<string, string>> }
  | { readonly kind: "block"; readonly refusal: Refusal };

const PLAYED = ["allow", "block", "count"];
const UNPLAYED = ["captcha", "challenge"];
/** The texts that WAF answers with (AWS WAF API Reference, CustomResponseBody). */
export const CONTENT_TYPES: Readonly<Record<string, string>> = {
  APPLICATION_JSON: "application/json",
  TEXT_HTML: "text/html",
  TEXT_PLAIN: "text/plain",
};
const FORBIDDEN: Refusal = { status: 403, headers: {} };
/** What comes before the names of headers that WAF puts on requests. */
const INSERTED = "x-amzn-waf-";

/** What is wrong with an action; `allowed` are its kinds. */
export function actionFault(action: Value | undefined, allowed: readonly string[] = PLAYED): string | undefined {
  const kinds = isProps(action) ? given(action, [...PLAYED, ...UNPLAYED]) : [];
  if (kinds.length !== 1) return `an action is exactly one of ${allowed.join(", ")} (given: ${kinds.join(" and ") || "none"})`;
  const [kind = ""] = kinds;
  if (UNPLAYED.includes(kind))
    return `the sandbox does not play ${kind}: nobody here answers one. It plays ${allowed.join(", ")}`;
  const fault = oneOf(...allowed)(kind, {});
  if (fault !== undefined) return fault;
  const [status] = valuesAt(isProps(action) ? action : {}, "block.customResponse.responseCode");
  const range = status === undefined ? undefined : between(200, 599)(status, {});
  return range === undefined ? undefined : `customResponse.responseCode: ${range}`;
}

/** The keys of the bodies that actions anywhere in these inputs answer with. */
export function bodyKeys(inputs: Props): string[] {
  const blocks = [
    ...valuesAt(inputs, "defaultAction.block.customResponse"),
    ...valuesAt(inputs, "rules[].action.block.customResponse"),
    ...valuesAt(inputs, "rules[].statement.managedRuleGroupStatement.ruleActionOverrides[].actionToUse.block.customResponse"),
  ];
  return blocks
    .filter(isProps)
    .flatMap((block) => (text(block, "customResponseBodyKey") === "" ? [] : [text(block, "customResponseBodyKey")]));
}

/** The action of those inputs; `bodies` are the custom ones of the web ACL. */
export function actionOf(action: Props, bodies: readonly Props[]): Action {
  const [kind = "allow"] = given(action, PLAYED);
  const block = isProps(action[kind]) ? action[kind] : {};
  if (kind === "block") return { kind, refusal: refusalOf(block["customResponse"], bodies) };
  const inserted = valuesAt(block, "customRequestHandling.insertHeaders[]").filter(isProps);
  const insert = Object.fromEntries(
    inserted.map((header) => [`${INSERTED}${text(header, "name").toLowerCase()}`, text(header, "value")]),
  );
  return { kind: kind === "count" ? "count" : "allow", insert };
}

function refusalOf(response: Value | undefined, bodies: readonly Props[]): Refusal {
  if (!isProps(response)) return FORBIDDEN;
  const headers = valuesAt(response, "responseHeaders[]").filter(isProps);
  const body = bodies.find((each) => text(each, "key") === text(response, "customResponseBodyKey"));
  return {
    status: Number(response["responseCode"]),
    headers: Object.fromEntries(headers.map((header) => [text(header, "name").toLowerCase(), text(header, "value")])),
    body:
      body === undefined
        ? { type: "text/plain", text: "" }
        : { type: CONTENT_TYPES[text(body, "contentType")] ?? "", text: text(body, "content") },
  };
}
