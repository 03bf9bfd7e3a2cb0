import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SandboxCli } from "../sandbox/src/commands/cli.ts";
import { resolvePulumi } from "../sandbox/src/toolchain/resolve.ts";
import { streamProgress } from "../sandbox/src/toolchain/progress.ts";
import { root } from "../tests/runner/groups.ts";
import { TestSandbox } from "../tests/support/sandbox.ts";
import { type Deployment, flatten } from "./flat/flatten.ts";
import { type Figure, median, seconds } from "./measure.ts";

/** The goals of the project; see docs/operations/performance.md. */
const START_SECONDS = 25;
const PREVIEW_SECONDS = 2.5;
const PREVIEW_RATIO = 1.5;
const DESTROY_SECONDS = 10;
const DAEMON_MB = 150;

/** Stands the smallest stage up, previews it and destroys it, so many times, each in a sandbox of its own; the Pulumi CLI is there already. */
export async function platformFigures(runs: number): Promise<Figure[]> {
  const pulumi = await resolvePulumi({ progress: streamProgress() });
  const starts: number[] = [];
  const previews: number[] = [];
  const flats: number[] = [];
  const destroys: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < runs; run++) {
    const sandbox = new TestSandbox();
    try {
      starts.push(await seconds(() => started(sandbox)));
      memory.push(residentMegabytes(sandbox.daemon().pid));
      const context = {
        root,
        home: sandbox.home,
        stack: sandbox.stack,
        project: "platform",
        configDirectory: join(root, "stacks/config"),
      };
      const cli = new SandboxCli(pulumi, context, sandbox.daemon());
      const flat = await flatProgram(cli, (directory, stack) => {
        return new SandboxCli(
          pulumi,
          { ...context, root: directory, configDirectory: directory, project: "flat", stack },
          sandbox.daemon(),
        );
      });
      try {
        // Taken in turns, so that both meet the same machine.
        for (let turn = 0; turn < 3; turn++) {
          previews.push(await seconds(() => unchanged(cli)));
          flats.push(await seconds(() => unchanged(flat.cli)));
        }
      } finally {
        flat.remove();
      }
      destroys.push(await seconds(() => sandbox.succeed("destroy-and-stop")));
    } finally {
      await sandbox.clear();
    }
  }
  const ratios = previews.map((preview, index) => preview / (flats[index] ?? Number.NaN));
  const figure = (name: string, unit: Figure["unit"], values: readonly number[], atMost?: number): Figure => ({
    name,
    unit,
    value: median(values),
    runs: values,
    ...(atMost !== undefined && { goal: { atMost } }),
  });
  return [
    figure("npm start, from nothing to the first answered request", "s", starts, START_SECONDS),
    figure("preview without a change", "s", previews, PREVIEW_SECONDS),
    figure("the same resources without components", "s", flats),
    figure("preview, against that", "x", ratios, PREVIEW_RATIO),
    figure("npm stop, with everything destroyed", "s", destroys, DESTROY_SECONDS),
    figure("memory of the daemon", "MB", memory, DAEMON_MB),
  ];
}

/** `npm start` ends when the product has answered. */
async function started(sandbox: TestSandbox): Promise<void> {
  await sandbox.succeed("start");
  assert.ok((await fetch(await sandbox.productUrl())).ok);
}

async function unchanged(cli: SandboxCli): Promise<void> {
  await cli.must(["preview", "--expect-no-changes"]);
}

/** A second stack over the same cloud: the resources that stand, declared one after the other. */
async function flatProgram(
  cli: SandboxCli,
  cliAt: (directory: string, stack: string) => SandboxCli,
): Promise<{ cli: SandboxCli; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "platform-flat-"));
  const stack = `flat-${String(process.pid)}`;
  const directory = join(root, "bench/flat");
  const exported = JSON.parse(await cli.must(["stack", "export", "--show-secrets"])) as Deployment;
  const { deployment, resources } = flatten(exported, stack);
  const [resourceFile, stateFile] = [join(folder, "resources.json"), join(folder, "state.json")];
  // The state holds the sandbox's secrets in plain for as long as the measurement takes.
  writeFileSync(resourceFile, JSON.stringify(resources), { mode: 0o600 });
  writeFileSync(stateFile, JSON.stringify(deployment), { mode: 0o600 });
  const flat = cliAt(directory, stack);
  flat.env["FLAT_RESOURCES"] = resourceFile;
  await flat.must(["stack", "init", stack]);
  const settings = JSON.parse(await cli.must(["config", "--json"])) as Record<string, { value: string; objectValue?: unknown }>;
  await flat.must(["config", "set", "aws:region", settings["aws:region"]?.value ?? ""]);
  const account = (settings["aws:allowedAccountIds"]?.objectValue as string[] | undefined)?.[0] ?? "";
  await flat.must(["config", "set", "--path", "aws:allowedAccountIds[0]", "--type", "string", account]);
  await flat.must(["stack", "import", "--file", stateFile]);
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(directory, `Pulumi.${stack}.yaml`), { force: true });
  };
  return { cli: flat, remove };
}

/** What the kernel counts as the process's own: resident memory, without its children. */
function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1];
  assert.ok(kilobytes, `the memory of process ${String(pid)} cannot be read; this needs Linux`);
  return (Number(kilobytes) * 1024) / 1e6;
}
