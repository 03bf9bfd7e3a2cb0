import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { costOf } from "../../ladder/src/cost/estimate.ts";
import { type Change, readPreview } from "../../ladder/src/changes.ts";
import { type Breach, breaches } from "../../ladder/src/guard.ts";
import { run } from "./commands.ts";

/** What a policy says of a resource. */
export interface PolicyResult {
  readonly rule: string;
  readonly severity: string;
  readonly level: string;
  readonly kind: "violation" | "unknown" | "fault";
  readonly name: string;
  readonly type: string;
  readonly message: string;
  readonly remediation: string;
  readonly page: string;
  readonly waived?: unknown;
}

/** What a change does to one example stack. */
export interface StackChange {
  /** Such as `monolith`. */
  readonly stack: string;
  readonly changes: readonly Change[];
  readonly breaches: readonly Breach[];
  readonly policies: readonly PolicyResult[];
  /** In USD a month: before and after, idle and with everything grown to its limit. */
  readonly cost: ReturnType<typeof costOf>;
  /** The policy report as SARIF 2.1.0. */
  readonly sarif: string;
}

/** The example stacks of a checkout: the configuration files that are under version control. */
export async function exampleStacks(root: string): Promise<string[]> {
  const { stdout } = await run(["git", "ls-files", "stacks/config/Pulumi.*.yaml"], { cwd: root });
  return stdout
    .split("\n")
    .filter((file) => file !== "")
    .map((file) => basename(file).replace(/^Pulumi\.|\.yaml$/g, ""))
    .sort();
}

/**
 * Builds a stack from the base in a sandbox of its own, and previews the head over it: so the diff is the engine's own, with
 * replacements. Needs no credential and no network.
 */
export async function changeOf(stack: string, base: string, head: string): Promise<StackChange> {
  const scratch = mkdtempSync(join(tmpdir(), "platform-pr-sandbox-"));
  // The name of a stack is part of every URN; a stack of another name would be another stack.
  const name = `sandbox-pr-${stack}`;
  const env = { ...process.env, SANDBOX_HOME: join(scratch, "home"), SANDBOX_STACK: name, NO_COLOR: "1" };
  const configs = [base, head].map((folder) => join(folder, "stacks/config", `Pulumi.${name}.yaml`));
  const sandbox = (folder: string, ...args: string[]) =>
    run([process.execPath, "sandbox/bin/sandbox.ts", ...args], { cwd: folder, env });
  try {
    for (const [at, folder] of [base, head].entries())
      copyFileSync(join(folder, "stacks/config", `Pulumi.${stack}.yaml`), configs[at] ?? "");
    await sandbox(base, "pulumi", "up", "--yes", "--skip-preview", "--non-interactive");
    const { stdout } = await sandbox(head, "pulumi", "preview", "--json", "--show-sames", "--non-interactive");
    const preview = stdout.slice(Math.max(0, stdout.search(/^\{/m)));
    const file = join(scratch, "preview.json");
    writeFileSync(file, preview);
    const changes = readPreview(preview);
    const report = await policyReport(head, file, "json");
    return {
      stack,
      changes,
      breaches: breaches(changes),
      policies: (JSON.parse(report) as { results: PolicyResult[] }).results,
      cost: costOf(changes),
      sarif: await policyReport(head, file, "sarif"),
    };
  } finally {
    // Where the sandbox never began there is nothing to take down, and the fault before is the one to tell.
    await run([process.execPath, "sandbox/bin/sandbox.ts", "reset", "--yes"], { cwd: head, env, allowed: [0, 1] });
    for (const config of configs) rmSync(config, { force: true });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Asks the policies about a preview. That some are violated is an answer. */
async function policyReport(root: string, preview: string, format: "json" | "sarif"): Promise<string> {
  const command = [process.execPath, "policies/bin/policies.ts", "check-preview", preview, "--format", format] as const;
  return (await run(command, { cwd: root, allowed: [0, 1] })).stdout;
}
