import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "./json.ts";
import { UserError } from "./user-error.ts";

/** How a command ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the platform stands, as far as a move has to know: whose Pulumi CLI, which stack, and how to reach a public address from here. */
export interface Place {
  /** For people: `the sandbox` or `stack prod`. */
  readonly name: string;
  /** The stack's name. */
  readonly stack: string;
  /** Runs the Pulumi CLI without a terminal. */
  capture(args: readonly string[]): Promise<Outcome>;
  /** Runs the Pulumi CLI with this terminal, so that its own progress is seen. Gives the exit code. */
  live(args: readonly string[]): Promise<number>;
  /** The address at which this machine reaches a URL of the platform; the URL itself on a real cloud. */
  reach(url: string): Promise<string>;
}

const SANDBOX_STATUS = z.object({ doors: z.array(z.object({ url: z.string(), name: z.string(), target: z.string() })) });

/** The embedded sandbox of this checkout. */
export function sandboxPlace(root: string, env: NodeJS.ProcessEnv = process.env): Place {
  const command = [process.execPath, join(root, "sandbox/bin/sandbox.ts")];
  const pulumi = new Commands([...command, "pulumi"], root, env);
  const sandbox = new Commands(command, root, env);
  return {
    name: "the sandbox",
    stack: env["SANDBOX_STACK"] ?? "sandbox",
    capture: (args) => pulumi.capture(args),
    live: (args) => pulumi.live(args),
    reach: async (url) => {
      const { stdout } = await sandbox.capture(["status", "--json"]);
      const status = SANDBOX_STATUS.safeParse(parseJson(stdout));
      if (!status.success)
        throw new UserError("The sandbox does not run.", ["Start it with: npm start, then do this again: it goes on from here."]);
      const { hostname, pathname } = new URL(url);
      const door = status.data.doors.find(({ name, target }) => [name, target].includes(hostname));
      if (door === undefined)
        throw new UserError(`Nothing in the sandbox answers for ${hostname}.`, ["See: npm run sandbox -- status"]);
      return new URL(pathname, door.url).href;
    },
  };
}

/** A stack on a real cloud, by the Pulumi CLI on the PATH and the person's own credentials. */
export function cloudPlace(root: string, stack: string, env: NodeJS.ProcessEnv = process.env): Place {
  const pulumi = new Commands(["pulumi", "--cwd", root], root, { ...env, PULUMI_STACK: stack });
  return {
    name: `stack ${stack}`,
    stack,
    capture: (args) => pulumi.capture(args),
    live: (args) => pulumi.live(args),
    reach: (url) => Promise.resolve(url),
  };
}

class Commands {
  readonly #command: readonly string[];
  readonly #root: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(command: readonly string[], root: string, env: NodeJS.ProcessEnv) {
    this.#command = command;
    this.#root = root;
    this.#env = env;
  }

  capture(args: readonly string[]): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(args, ["ignore", "pipe", "pipe"]);
      const output = { stdout: "", stderr: "" };
      for (const name of ["stdout", "stderr"] as const)
        child[name]?.setEncoding("utf8").on("data", (text: string) => (output[name] += text));
      child.once("error", (error) => {
        reject(this.#missing(error));
      });
      child.once("close", (code) => {
        resolve({ code: code ?? 1, ...output });
      });
    });
  }

  live(args: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(args, "inherit");
      // The engine ends an update in order when it is interrupted; at a terminal it hears Ctrl-C itself.
      const forward = (signal: NodeJS.Signals): void => {
        if (!process.stdin.isTTY || signal !== "SIGINT") child.kill(signal);
      };
      const signals = ["SIGINT", "SIGTERM"] as const;
      for (const signal of signals) process.on(signal, forward);
      child.once("error", (error) => {
        reject(this.#missing(error));
      });
      child.once("close", (code) => {
        for (const signal of signals) process.removeListener(signal, forward);
        resolve(code ?? 130);
      });
    });
  }

  #spawn(args: readonly string[], stdio: "inherit" | ["ignore", "pipe", "pipe"]) {
    const [file = "", ...first] = this.#command;
    return spawn(file, [...first, ...args], { cwd: this.#root, env: this.#env, stdio });
  }

  #missing(error: NodeJS.ErrnoException): Error {
    if (error.code !== "ENOENT") return error;
    return new UserError(`There is no ${this.#command[0] ?? ""} on the PATH.`, [
      "Install the Pulumi CLI (https://www.pulumi.com/docs/install), or leave --stack away to work on the sandbox.",
    ]);
  }
}
