import { isProps, type Props, text, texts, type Value, valuesAt } from "../../core/values.ts";
import type { Asked } from "../../plane/load-balancer/request.ts";
import { given, oneOf } from "../limits.ts";

/** Parts of a request that a statement can look at, and those that the sandbox does not see. */
const PLAYED = [
  "allQueryArguments",
  "body",
  "cookies",
  "headers",
  "method",
  "queryString",
  "singleHeader",
  "singleQueryArgument",
  "uriPath",
];
const UNPLAYED = ["headerOrders", "ja3Fingerprint", "ja4Fingerprint", "jsonBody", "uriFragment"];

/** Source: AWS WAF API Reference, TextTransformation. */
const TRANSFORMATIONS: Readonly<Record<string, (value: string) => string>> = {
  NONE: (value) => value,
  LOWERCASE: (value) => value.toLowerCase(),
  URL_DECODE: decoded,
  BASE64_DECODE: (value) => Buffer.from(value, "base64").toString("utf8"),
  COMPRESS_WHITE_SPACE: (value) => value.replaceAll(/[\f\t\n\r\v\u00a0 ]+/g, " "),
  HTML_ENTITY_DECODE: (value) =>
    value
      .replaceAll(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (whole, hex?: string, decimal?: string) => {
        const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      })
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&amp;", "&"),
  NORMALIZE_PATH: (value) => new URL(value.replaceAll(/\/+/g, "/"), "http://localhost").pathname,
  REMOVE_NULLS: (value) => value.replaceAll("\0", ""),
};

/** What is wrong with the part that a statement looks at; `body` says whether its size is all that is asked for. */
export function fieldFault(statement: Props, sizeOnly: boolean): string | undefined {
  const field = statement["fieldToMatch"];
  const kinds = isProps(field) ? given(field, [...PLAYED, ...UNPLAYED]) : [];
  if (kinds.length !== 1) return `fieldToMatch has exactly one of ${PLAYED.join(", ")} (given: ${kinds.join(" and ") || "none"})`;
  const [kind = ""] = kinds;
  if (UNPLAYED.includes(kind)) return `fieldToMatch: the sandbox does not look at ${kind}; it looks at ${PLAYED.join(", ")}`;
  if (kind === "body" && !sizeOnly) return "fieldToMatch: the sandbox does not read bodies; of a body it knows the size only";
  return transformationFault(statement);
}

function transformationFault(statement: Props): string | undefined {
  const types = valuesAt(statement, "textTransformations[].type");
  if (types.length === 0) return "textTransformations needs at least one; NONE is one";
  const fault = types.map((type) => oneOf(...Object.keys(TRANSFORMATIONS))(type, {})).find((each) => each !== undefined);
  return fault === undefined ? undefined : `textTransformations: ${fault}`;
}

/** The texts that a statement looks at, transformed as it says. One that matches is enough. */
export function textsOf(statement: Props): (asked: Asked) => string[] {
  const field = isProps(statement["fieldToMatch"]) ? statement["fieldToMatch"] : {};
  const read = readerOf(field);
  const steps = valuesAt(statement, "textTransformations[]")
    .filter(isProps)
    .sort((one, other) => Number(one["priority"]) - Number(other["priority"]))
    .map((step) => TRANSFORMATIONS[text(step, "type")] ?? decoded);
  return (asked) => read(asked).map((value) => steps.reduce((so, step) => step(so), value));
}

function readerOf(field: Props): (asked: Asked) => string[] {
  const [kind = ""] = given(field, PLAYED);
  const block = isProps(field[kind]) ? field[kind] : {};
  const name = text(block, "name").toLowerCase();
  switch (kind) {
    case "method":
      return ({ method }) => [method];
    case "queryString":
      return ({ query }) => [query.replace(/^\?/, "")];
    case "uriPath":
      return ({ path }) => [path];
    case "singleHeader":
      return ({ headers }) => [headers[name] ?? []].flat();
    case "singleQueryArgument":
      return ({ query }) =>
        [...new URLSearchParams(query)].flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
    case "allQueryArguments":
      return ({ query }) => [...new URLSearchParams(query).values()];
    case "cookies":
      return ({ headers }) => pairsOf(cookiesOf(headers.cookie), block["matchPatterns"], text(block, "matchScope"), "Cookies");
    case "headers": {
      const [listed] = valuesAt(field, "headers[]").filter(isProps);
      return ({ headers }) => {
        const pairs = Object.entries(headers).map(([key, value]): [string, string] => [key, [value ?? ""].flat().join(", ")]);
        return pairsOf(pairs, [listed?.["matchPattern"] ?? {}], text(listed ?? {}, "matchScope"), "Headers");
      };
    }
    default:
      return () => [];
  }
}

/** The keys, the values or both of those pairs that the patterns let in. */
function pairsOf(pairs: readonly [string, string][], patterns: Value | undefined, scope: string, noun: string): string[] {
  const [pattern = {}] = Array.isArray(patterns) ? patterns.filter(isProps) : [];
  const [included, excluded] = [`included${noun}`, `excluded${noun}`].map((name) =>
    texts(pattern, name).map((each) => each.toLowerCase()),
  );
  return pairs.flatMap(([key, value]) => {
    const low = key.toLowerCase();
    const isIn = included === undefined || included.length === 0 || included.includes(low);
    if (!isIn || excluded?.includes(low) === true) return [];
    return scope === "KEY" ? [key] : scope === "VALUE" ? [value] : [key, value];
  });
}

function cookiesOf(header: string | undefined): [string, string][] {
  return (header ?? "").split(/;\s*/).flatMap((pair): [string, string][] => {
    const at = pair.indexOf("=");
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1)]];
  });
}

/** The text without its percent signs; as it is where they stand for nothing. */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll("+", " "));
  } catch {
    return value;
  }
}

/** How many bytes of body the request says that it brings; 0 for one in chunks, whose length nobody knows before its end. */
export function bodySize({ headers }: Asked): number {
  return Number(headers["content-length"] ?? 0);
}
