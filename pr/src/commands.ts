import { spawn } from "node:child_process";

/** A command that did not end as it must. Its message is for the person who asked, with what the command printed. */
export class CommandFailed extends Error {}

/** What a command printed. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
}

/**
 * Runs a command to its end.
 * @param allowed exit codes that are answers, not failures. @default [0]
 * @throws CommandFailed with the last lines of what it printed
 */
export function run(
  [file, ...args]: readonly [string, ...string[]],
  {
    allowed = [0],
    cwd,
    env = process.env,
  }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly allowed?: readonly number[] },
): Promise<Printed> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => (output[name] += text));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== null && allowed.includes(code)) resolve({ code, stdout: output.stdout });
      else
        reject(
          new CommandFailed(
            [
              `${[file, ...args].join(" ")} in ${cwd} ended with ${String(code)}:`,
              ...lastLines(output.stdout),
              ...lastLines(output.stderr),
            ].join("\n"),
          ),
        );
    });
  });
}

function lastLines(text: string): string[] {
  return text.trimEnd().split("\n").slice(-40);
}
