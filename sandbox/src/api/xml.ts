/** What an XML answer may hold; a list repeats its element. `undefined` is left out. */
export type XmlValue = string | number | boolean | Date | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

/** One element with what is in it; text is escaped, dates are ISO 8601. */
export function element(name: string, value: XmlValue, attributes = ""): string {
  if (value === undefined) return "";
  if (isList(value)) return value.map((item) => element(name, item)).join("");
  return `<${name}${attributes}>${content(value)}</${name}>`;
}

/** A whole document. */
export function xmlDocument(name: string, value: XmlValue, namespace?: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, value, namespace === undefined ? "" : ` xmlns="${namespace}"`)}`;
}

function content(value: Exclude<XmlValue, undefined | readonly XmlValue[]>): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, inner]) => element(name, inner))
      .join("");
  }
  return escape(String(value));
}

function escape(text: string): string {
  // Control characters other than tab and line feed are not allowed in XML as they are; a carriage return would be read back as a line feed.

  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f]/g, (sign) => {
    const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }[sign];
    return named ?? `&#${String(sign.charCodeAt(0))};`;
  });
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}
