import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../runner/groups.ts";
import { MADE_PAGES, madePage } from "../support/doc-pages.ts";

describe("the pages of which a part is made from the sources", () => {
  for (const file of Object.keys(MADE_PAGES))
    it(`are in step with the sources: ${file}`, async () => {
      const page = readFileSync(join(root, "docs", file), "utf8");
      assert.equal(page, await madePage(file), "To write them anew: npx node tests/support/write-docs.ts");
    });
});
