import { XMLParser } from "fast-xml-parser";
import { SyntaxValidator } from "fast-xml-validator";
import { readBody, sha256Hex } from "../../api/http.ts";
import { CloudError } from "../../core/definition.ts";
import { malformedXml, type S3Target } from "./call.ts";

/** Object keys are text to the letter: no space is cut off, no number read as one, and `&#13;` is a carriage return. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
  processEntities: { enabled: true, maxTotalExpansions: Infinity, maxExpandedLength: Infinity },
});

/** An element of a parsed document: its text, its children, or several of the same name. */
export type XmlNode = string | XmlChildren | readonly XmlNode[];

/** The elements inside of one, by name. */
export interface XmlChildren {
  readonly [name: string]: XmlNode;
}

/** The elements below the outermost one of a request's body; empty where there is no body. Throws `MalformedXML`. */
export async function readXml(call: Pick<S3Target, "declared" | "request">, root: string): Promise<XmlChildren> {
  const body = await readBody(call.request);
  if (/^[0-9a-f]{64}$/.test(call.declared) && sha256Hex(body) !== call.declared) {
    throw new CloudError(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
  if (body.length === 0) return {};
  // A document that brings its own entities could make a few bytes into gigabytes; S3's schema has none.
  if (body.includes("<!DOCTYPE")) throw malformedXml();
  const text = body.toString("utf8");
  try {
    // The parser alone makes something of documents that break off.
    SyntaxValidator.validate(text);
  } catch {
    throw malformedXml();
  }
  const value: unknown = (parser.parse(text) as Record<string, unknown>)[root];
  if (typeof value === "object" && value !== null) return value as XmlChildren;
  throw malformedXml();
}

/** The elements of that name, each with its children. */
export function children(parent: XmlChildren, name: string): XmlChildren[] {
  const found = parent[name] ?? [];
  const list: readonly XmlNode[] = isList(found) ? found : [found];
  return list.map((node) => (typeof node === "string" || isList(node) ? {} : node));
}

/** The text of the element of that name; undefined where there is none. */
export function textOf(parent: XmlChildren, name: string): string | undefined {
  const value = parent[name];
  return typeof value === "string" ? value : undefined;
}

function isList(node: XmlNode): node is readonly XmlNode[] {
  return Array.isArray(node);
}
