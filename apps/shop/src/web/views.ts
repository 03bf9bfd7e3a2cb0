import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Eta } from "eta";

/** What a page's frame shows. */
export interface Frame {
  readonly title: string;
  /** Links of somebody who is logged in, of somebody who is not, or none. */
  readonly nav: "in" | "out" | "none";
  /** The token of the page's forms; empty on pages without any. */
  readonly csrf: string;
}

/** Fills a template; everything in it is escaped. */
export type Render = (view: string, content: Frame & Readonly<Record<string, unknown>>) => string;

/** Compiles all templates now, so that no request waits for one and a broken one stops the start. */
export function compileViews(assetsBase: string): Render {
  const folder = fileURLToPath(new URL("./views/", import.meta.url));
  const eta = new Eta({ views: folder, cache: true, cacheFilepaths: true, autoTrim: [false, "nl"], rmWhitespace: false });
  // What is the same on every page of this version stands in the compiled templates as text.
  eta.config.plugins.push({ processTemplate: (template) => template.replaceAll("<%= it.assets %>", assetsBase) });
  for (const file of readdirSync(folder))
    eta.templatesSync.define(`${folder}${file}`, eta.compile(eta.readFile(`${folder}${file}`)));
  return (view, content) => eta.render(`./${view}`, content);
}
