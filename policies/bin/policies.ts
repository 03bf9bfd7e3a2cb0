#!/usr/bin/env node
import process from "node:process";
import { main } from "../cli/main.ts";

process.exitCode = await main(process.argv.slice(2), {
  folder: process.cwd(),
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
