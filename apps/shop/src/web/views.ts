import { readdirSync, readFileSync } from "node:fs";
import { Eta } from "eta";

/** What a page's frame shows. */
export interface Frame {
  readonly title: string;
  /** Links of somebody who is logged in, of somebody who is not, or none. */
  readonly nav: "in" | "out" | "none";
  /** The token of the page's forms; empty on pages without any. */
  readonly csrf: string;
}

/** Fills a template; everything in it is escaped. Pages need a {@link Frame} among their content. */
export type Render = (view: string, content: Readonly<Record<string, unknown>>) => string;

const FOLDER = new URL("./views/", import.meta.url);
const SUFFIX = ".eta";

/** Compiles all templates now, so that no request waits for one and a broken one stops the start. */
export function compileViews(assetsBase: string): Render {
  const eta = new Eta({ autoTrim: [false, "nl"], escapeFunction: escapeMarkup });
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(SUFFIX))) {
    // What is the same on every page of this version stands in the compiled templates as text.
    const template = readFileSync(new URL(file, FOLDER), "utf8").replaceAll("<%= it.assets %>", assetsBase);
    eta.loadTemplate(`@${file.slice(0, -SUFFIX.length)}`, template);
  }
  return (view, content) => eta.render(`@${view}`, content);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/**
 * Text for an element or a quoted attribute. Characters beyond Latin-1 become references, because V8 keeps a whole page at two bytes a character as soon as one part
 * of it is kept so, and then takes several times as long to send it.
 */
export function escapeMarkup(value: unknown): string {
  const text = String(value);
  if (!/[&<>"'\u0100-\u{10ffff}]/u.test(text)) return text;
  const escaped = text.replace(/[&<>"'\u0100-\u{10ffff}]/gu, (found) => ENTITIES[found] ?? `&#${found.codePointAt(0) ?? 0};`);
  // Replacing in a text of two bytes a character gives another one; this does not.
  return Buffer.from(escaped, "latin1").toString("latin1");
}
