#!/usr/bin/env node
import pc from "picocolors";
import { makeProgram } from "../src/cli.ts";
import { UserError } from "../src/user-error.ts";

try {
  await makeProgram().parseAsync();
} catch (error) {
  const text =
    error instanceof UserError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${pc.red("error:")} ${text}\n`);
  process.exitCode = 1;
}
