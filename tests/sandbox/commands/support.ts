import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { SandboxContext } from "../../../sandbox/src/commands/context.ts";
import { makeProgram } from "../../../sandbox/src/commands/program.ts";
import { root } from "../../runner/groups.ts";

/** A daemon without a cloud, and its world. */
export const STAND_IN = join(import.meta.dirname, "stand-in/daemon.ts");

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A checkout and a sandbox's folder that are nobody else's. */
export class Scratch {
  private readonly folder = mkdtempSync(join(tmpdir(), "platform-commands-"));
  readonly root = join(this.folder, "checkout");
  readonly home = join(this.folder, "home");
  readonly context: SandboxContext = {
    root: this.root,
    home: this.home,
    stack: "sandbox",
    project: "platform",
    configDirectory: join(this.root, "stacks/config"),
  };

  constructor() {
    this.write("checkout/Pulumi.yaml", "name: platform\nruntime: nodejs\nstackConfigDir: stacks/config\n");
  }

  /** Writes a file below the scratch folder; gives its path. */
  write(path: string, content: string): string {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  /** Runs a command of the sandbox as the npm scripts do, on this folder. */
  run(...args: readonly string[]): Promise<Ended> {
    const env = { ...process.env, SANDBOX_HOME: this.home, SANDBOX_STACK: "sandbox-test-commands", NO_COLOR: "1" };
    return new Promise((resolve) => {
      execFile(process.execPath, [join(root, "sandbox/bin/sandbox.ts"), ...args], { env, cwd: root }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
      );
    });
  }

  /** Runs a command inside of this process, on this folder. Gives what it printed; rejects with what it says of a failure. */
  async within(...args: readonly string[]): Promise<string> {
    const env = { ...process.env };
    let text = "";
    Object.assign(process.env, { SANDBOX_HOME: this.home, SANDBOX_STACK: "sandbox-test-commands" });
    process.stdout.write = (part): boolean => (text += String(part)) !== "";
    try {
      await makeProgram().parseAsync(args, { from: "user" });
    } finally {
      Reflect.deleteProperty(process.stdout, "write");
      process.env = env;
    }
    return text;
  }

  clear(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
