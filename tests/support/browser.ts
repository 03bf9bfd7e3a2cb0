import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { root } from "../runner/groups.ts";

/** The settings by which the browser finds its fonts; those of the package name a place that only its own cloud has. */
const FONTS = "fonts.conf";

/** Settings of the package that fit its own cloud only: as a single process the browser ends with the first of its contexts, and now and then while it starts. */
const LEFT_OUT = new Set(["--single-process", "--no-zygote", "--disable-web-security"]);

/** Why this machine has no browser for tests; undefined when it has one. To be handed to `this.skip()`'s title, so that it is seen. */
export function noBrowser(): string | undefined {
  if (process.env["CHROMIUM"] !== undefined || (process.platform === "linux" && process.arch === "x64")) return undefined;
  return `the Chromium that comes with the tests is for Linux on x64, not ${process.platform} on ${process.arch}; name yours with CHROMIUM=/path/to/chromium`;
}

/** A headless Chromium: the one that `CHROMIUM` names, or the one from the npm package. The caller closes it. */
export async function openBrowser(): Promise<Browser> {
  const named = process.env["CHROMIUM"];
  if (named !== undefined) return chromium.launch({ executablePath: named, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const { file, args } = await unpacked();
  const env = {
    ...(process.env as Record<string, string>),
    FONTCONFIG_FILE: join(dirname(file), FONTS),
    // Libraries that a bare machine lacks (libnss3 among them) come with the package.
    LD_LIBRARY_PATH: join(dirname(file), "al2023", "lib"),
  };
  return chromium.launch({ executablePath: file, args, env });
}

/**
 * Unpacks the browser once for each user and version. The package does that into the temporary directory and takes a half-written file for a
 * whole one, so it is given a directory of its own, which gets its name when it is complete.
 */
async function unpacked(): Promise<{ file: string; args: string[] }> {
  const manifest = readFileSync(join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const folder = join(tmpdir(), `platform-chromium-${version}-${String(process.getuid?.() ?? 0)}`);
  const before = { ...process.env };
  try {
    // Makes the package unpack the libraries too; read when it is imported.
    process.env["AWS_EXECUTION_ENV"] = "AWS_Lambda_nodejs22.x";
    const { default: bundled } = await import("@sparticuz/chromium");
    if (!existsSync(folder)) {
      const fresh = mkdtempSync(`${folder}.`);
      process.env["TMPDIR"] = fresh;
      await bundled.executablePath();
      writeFileSync(join(fresh, FONTS), fontsOf(folder));
      try {
        renameSync(fresh, folder);
      } catch {
        // Another run was faster.
        rmSync(fresh, { recursive: true, force: true });
      }
    }
    return { file: join(folder, "chromium"), args: bundled.args.filter((flag) => !LEFT_OUT.has(flag)) };
  } finally {
    for (const name of ["AWS_EXECUTION_ENV", "TMPDIR", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "HOME"]) {
      const value = before[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}

function fontsOf(folder: string): string {
  const folders = [join(folder, "fonts"), "/usr/share/fonts"].map((each) => `<dir>${each}</dir>`).join("");
  return `<?xml version="1.0"?><fontconfig>${folders}<cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>\n`;
}
