import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";

/** Where the page's own files are. */
export const ASSETS = "/console/assets/";

/** One of the page's own files. */
export interface Asset {
  readonly content: Buffer;
  readonly mediaType: string;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page's own files, read once. Their addresses change with their content, so browsers may keep them for ever. */
export class Assets {
  private readonly byFile = new Map<string, Asset>();

  /** Reads a file of the assets folder and gives its address. */
  address(name: string): string {
    const content = readFileSync(join(import.meta.dirname, "assets", name));
    const extension = extname(name);
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
    const file = `${name.slice(0, -extension.length)}.${hash}${extension}`;
    this.byFile.set(file, { content, mediaType: MEDIA_TYPES[extension] ?? "application/octet-stream" });
    return `${ASSETS}${file}`;
  }

  /** The file behind the last part of an address. */
  find(file: string): Asset | undefined {
    return this.byFile.get(file);
  }
}
