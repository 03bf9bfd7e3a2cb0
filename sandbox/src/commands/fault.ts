import { type Command, InvalidArgumentError } from "commander";
import { sandboxContext } from "./context.ts";
import { ControlClient, type FaultRequest } from "./control.ts";
import { requireDaemon } from "./daemon.ts";
import { say } from "./output.ts";

const TYPE = ["--type <type>", "only for this resource type, such as aws:ec2/vpc:Vpc"] as const;

export function addFault(program: Command): void {
  const fault = program.command("fault").description("make something go wrong on purpose, and put it right again");
  fault
    .command("throttle")
    .description("answer the next calls to the cloud with a throttling error")
    .requiredOption("--calls <count>", "how many calls", wholeFrom(1))
    .option(...TYPE)
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault throttle --calls 20\n")
    .action((options: { calls: number; type?: string }) => add({ kind: "throttle", ...options }));
  fault
    .command("fail-create")
    .description("let the n-th create from now fail, once")
    .requiredOption("--nth <number>", "which create, counted from 1", wholeFrom(1))
    .option(...TYPE)
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault fail-create --nth 7\n")
    .action((options: { nth: number; type?: string }) => add({ kind: "fail-create", ...options }));
  fault
    .command("latency")
    .description("make every call to the cloud take longer")
    .requiredOption("--ms <milliseconds>", "how much longer", wholeFrom(0))
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault latency --ms 500\n")
    .action((options: { ms: number }) => add({ kind: "latency", ...options }));
  fault
    .command("kill")
    .description("kill a process with SIGKILL")
    .argument("<name>", "the process, as `status` names it")
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault kill app\n")
    .action((name: string) => add({ kind: "kill", name }));
  fault
    .command("list")
    .description("show the faults at work")
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault list\n")
    .action(list);
  fault
    .command("clear")
    .description("lift one fault, or all of them")
    .argument("[id]", "the fault, as `fault list` names it; without it, all")
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault clear\n")
    .action(clear);
}

async function control(): Promise<ControlClient> {
  return new ControlClient(await requireDaemon(sandboxContext().home));
}

async function add(request: FaultRequest): Promise<void> {
  const { id, description } = await (await control()).addFault(request);
  say(`${id}  ${description}`);
}

async function list(): Promise<void> {
  const { faults } = await (await control()).status();
  if (faults.length === 0) say("No faults are at work.");
  for (const { id, description } of faults) say(`${id}  ${description}`);
}

async function clear(id: string | undefined): Promise<void> {
  const client = await control();
  await (id === undefined ? client.clearFaults() : client.removeFault(id));
  say(id === undefined ? "All faults are lifted." : `Fault ${id} is lifted.`);
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < least) {
      throw new InvalidArgumentError(`Give a whole number from ${String(least)} upwards.`);
    }
    return value;
  };
}
