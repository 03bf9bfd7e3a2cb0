/** Writes the parts of the documentation that are made from the sources. A test fails as long as they are not in step. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MADE_PAGES, madePage } from "./doc-pages.ts";

for (const file of Object.keys(MADE_PAGES)) {
  writeFileSync(join(import.meta.dirname, "../../docs", file), await madePage(file));
}
