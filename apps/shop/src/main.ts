import { runProcess } from "./process.ts";

const code = await runProcess(process.argv.slice(2), process.env);
// Not by waiting for an empty event loop: a library's idle connection must not keep a stopped product.
process.stdout.write("", () => process.exit(code));
