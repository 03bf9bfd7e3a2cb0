import { inflateSync } from "node:zlib";

/** The text of a PDF as pdfkit writes it: every string that is shown, a line each. */
export function textOfPdf(pdf: Buffer): string {
  const source = pdf.toString("latin1");
  const lines: string[] = [];
  for (const { index } of source.matchAll(/stream\n/g)) {
    const start = index + "stream\n".length;
    const end = source.indexOf("\nendstream", start);
    const content = inflated(pdf.subarray(start, end));
    for (const [, parts = ""] of content.matchAll(/\[([^\]]*)\] TJ/g))
      lines.push(
        [...parts.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1")).join(""),
      );
  }
  return lines.join("\n");
}

function inflated(bytes: Buffer): string {
  try {
    return inflateSync(bytes).toString("latin1");
  } catch {
    // Not all streams are deflated.
    return bytes.toString("latin1");
  }
}
