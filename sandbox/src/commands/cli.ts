import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../toolchain/progress.ts";
import { type PulumiCli, resolvePulumi } from "../toolchain/resolve.ts";
import { type Outcome, capture, reasonOf } from "../toolchain/run-command.ts";
import { UserError } from "../toolchain/user-error.ts";
import type { SandboxContext } from "./context.ts";
import type { DaemonInfo } from "./control.ts";
import { pulumiEnvironment } from "./environment.ts";

/** The real Pulumi CLI, set up for one sandbox. */
export class SandboxCli {
  readonly env: NodeJS.ProcessEnv;
  private readonly file: string;
  private readonly cwd: string;

  constructor(cli: PulumiCli, context: SandboxContext, daemon?: DaemonInfo) {
    mkdirSync(join(context.home, "state"), { recursive: true });
    this.file = cli.path;
    this.cwd = context.root;
    this.env = pulumiEnvironment({ context, cli, daemon });
  }

  /** Finds the CLI, or gets it, and sets it up. */
  static async resolve(context: SandboxContext, daemon: DaemonInfo | undefined, progress: Progress): Promise<SandboxCli> {
    return new SandboxCli(await resolvePulumi({ progress }), context, daemon);
  }

  /** Runs with the terminal handed over, so that Pulumi's own display is seen. Gives the exit code; 130 when interrupted. */
  async live(args: readonly string[]): Promise<number> {
    const child = spawn(this.file, args, { cwd: this.cwd, env: this.env, stdio: "inherit" });
    // At a terminal, Ctrl-C reaches the child as well; passing it on would count as the second one, which makes Pulumi drop its work.
    const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    const forward = (signal: NodeJS.Signals): void => {
      if (signal !== "SIGINT" || !atTerminal) child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
    for (const signal of signals) process.on(signal, forward);
    try {
      return await new Promise<number>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code, signal) => {
          resolve(code ?? (signal === "SIGINT" ? 130 : 1));
        });
      });
    } finally {
      for (const signal of signals) process.removeListener(signal, forward);
    }
  }

  /** Runs without a terminal and keeps what it prints. */
  async capture(args: readonly string[]): Promise<Outcome> {
    return capture(this.file, [...args, "--non-interactive"], { cwd: this.cwd, env: this.env });
  }

  /** As {@link capture}, but a failure is a {@link UserError} with what the CLI said. Gives stdout. */
  async must(args: readonly string[]): Promise<string> {
    const outcome = await this.capture(args);
    if (outcome.code === 0) return outcome.stdout;
    const said = `${outcome.stderr}\n${outcome.stdout}`.split("\n").filter((line) => line.trim() !== "");
    throw new UserError(`\`pulumi ${args.join(" ")}\` failed.`, said.length > 0 ? said : [reasonOf(outcome)]);
  }
}
