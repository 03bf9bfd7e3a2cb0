/**
 * Runs the test files named on the command line in this process and tells the parent about every test as it ends.
 * Started by {@link file://./suite.ts} with an IPC channel. With `--count` as the first argument no test body runs: each is only reported as counted.
 */
import Mocha from "mocha";

/** What the parent hears: one message a test, then `end` when the runner itself came to its end. */
export type Message =
  | { readonly kind: "passed" | "skipped" | "counted"; readonly title: string }
  | { readonly kind: "failed"; readonly title: string; readonly reason: string }
  | { readonly kind: "end" };

function tell(message: Message): void {
  process.send?.(message);
}

async function main(args: readonly string[]): Promise<void> {
  const count = args[0] === "--count";
  const mocha = new Mocha({ timeout: 30_000, forbidOnly: true, reporter: count ? "min" : "spec", dryRun: count });
  for (const file of count ? args.slice(1) : args) mocha.addFile(file);
  await mocha.loadFilesAsync();
  const runner = mocha.run((failures) => {
    tell({ kind: "end" });
    process.exitCode = failures === 0 ? 0 : 1;
  });
  runner.on("pass", (test) => {
    tell({ kind: count ? "counted" : "passed", title: test.fullTitle() });
  });
  runner.on("pending", (test) => {
    tell({ kind: "skipped", title: test.fullTitle() });
  });
  runner.on("fail", (test, error: unknown) => {
    tell({ kind: "failed", title: test.fullTitle(), reason: error instanceof Error ? error.message : String(error) });
  });
}

await main(process.argv.slice(2));
