import { buffer } from "node:stream/consumers";
import { includedVat, VAT_PERCENT } from "./money.ts";
import type { Order } from "./orders.ts";

/** Points: an A4 page is 595 wide. */
const [LEFT, WIDTH] = [56, 483];
const COLUMNS = [
  { x: LEFT, width: 250, align: "left" },
  { x: LEFT + 250, width: 85, align: "right" },
  { x: LEFT + 335, width: 53, align: "right" },
  { x: LEFT + 388, width: 95, align: "right" },
] as const;

/** An invoice as a PDF. The library is loaded with the first one. The same order gives the same bytes. */
export async function invoicePdf(order: Order, number: number): Promise<Buffer> {
  const { default: PDFDocument } = await import("pdfkit");
  const title = `Invoice ${number}`;
  const info = { Title: title, Author: "Quiet Kiln", CreationDate: order.createdAt, ModDate: order.createdAt };
  const pdf = new PDFDocument({ size: "A4", margin: LEFT, info, lang: "en", displayTitle: true });
  const bytes = buffer(pdf);
  const row = (cells: readonly string[], bold = false): void => {
    const y = pdf.y;
    pdf.font(bold ? "Helvetica-Bold" : "Helvetica").fontSize(10.5);
    const heights = cells.map((text, index) => {
      const { x = LEFT, width = WIDTH, align = "left" } = COLUMNS[index] ?? {};
      pdf.text(text, x, y, { width, align });
      return pdf.y;
    });
    pdf.y = Math.max(...heights) + 6;
  };
  const money = moneyIn(order.currency);
  const vat = includedVat(order.totalCents);

  pdf.font("Times-Bold").fontSize(24).text("Quiet Kiln").moveDown(0.2);
  pdf.font("Helvetica").fontSize(10.5).text("Stoneware for everyday tables").moveDown(2);
  pdf.font("Helvetica-Bold").fontSize(15).text(title).moveDown(0.3);
  pdf.font("Helvetica").fontSize(10.5);
  pdf
    .text(`Date: ${order.createdAt.toISOString().slice(0, 10)}`)
    .text(`Order: ${order.id}`)
    .moveDown(1.5);
  row(["Piece", "Price", "Quantity", "Sum"], true);
  for (const { name, quantity, unitPriceCents } of order.lines)
    row([printable(name), money(unitPriceCents), String(quantity), money(unitPriceCents * quantity)]);
  pdf.moveDown(0.5);
  row(["Net", "", "", money(order.totalCents - vat)]);
  row([`VAT ${VAT_PERCENT} %`, "", "", money(vat)]);
  row(["Total, paid", "", "", money(order.totalCents)], true);
  pdf.end();
  return bytes;
}

function moneyIn(currency: string): (cents: number) => string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return (cents) => format.format(cents / 100);
}

/** The fonts that every reader has hold Latin-1; what they lack is shown as a question mark, and the order tells the whole name. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\u00ff]/gu, "?");
}
