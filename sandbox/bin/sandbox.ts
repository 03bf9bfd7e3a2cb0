#!/usr/bin/env node
import { showError } from "../src/commands/output.ts";
import { makeProgram } from "../src/commands/program.ts";

// A reader that goes away (`| head`) is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await makeProgram().parseAsync(withoutSeparator(process.argv));
} catch (error) {
  showError(error);
  process.exitCode = 1;
}

/** `npm run pulumi -- -- preview` and `sandbox pulumi -- preview` mean the same as without the second `--`. */
function withoutSeparator(argv: readonly string[]): string[] {
  return argv[2] === "pulumi" && argv[3] === "--" ? [...argv.slice(0, 3), ...argv.slice(4)] : [...argv];
}
