#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { compileCache } from "../src/toolchain/cache.ts";

// A reader that goes away (`| head`) is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

// Before anything else is loaded.
enableCompileCache(compileCache());
const { showError } = await import("../src/commands/output.ts");
try {
  const { makeProgram } = await import("../src/commands/program.ts");
  await makeProgram().parseAsync(withoutSeparator(process.argv));
} catch (error) {
  showError(error);
  process.exitCode = 1;
}

/** `npm run pulumi -- -- preview` and `sandbox pulumi -- preview` mean the same as without the second `--`. */
function withoutSeparator(argv: readonly string[]): string[] {
  return argv[2] === "pulumi" && argv[3] === "--" ? [...argv.slice(0, 3), ...argv.slice(4)] : [...argv];
}
