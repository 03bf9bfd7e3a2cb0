import { type Command, InvalidArgumentError, Option } from "commander";
import { UserError } from "../toolchain/user-error.ts";
import { sandboxContext } from "./context.ts";
import { ControlClient, type FaultRequest } from "./control.ts";
import { requireDaemon } from "./daemon.ts";
import { say } from "./output.ts";
import { processMeant } from "./process-name.ts";

/** Which calls a fault is for, as its options say; absent ones narrow nothing. */
interface Scope {
  readonly type?: string;
  readonly service?: string;
  readonly operation?: string;
}

export function addFault(program: Command): void {
  const fault = program
    .command("fault")
    .description("make something go wrong on purpose, and put it right again")
    .addHelpText("after", "\nExamples:\n  npm run sandbox -- fault kill app\n  npm run sandbox -- fault clear\n");
  addThrottle(fault);
  addFailCreate(fault);
  addLatency(fault);
  addOutage(fault);
  fault
    .command("kill")
    .description("kill a process with SIGKILL")
    .argument("<name>", "the process, as `status` names it; the beginning is enough")
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault kill app\n")
    .action(kill);
  fault
    .command("list")
    .description("show the faults at work")
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault list\n")
    .action(list);
  fault
    .command("clear")
    .description("lift one fault, or all of them")
    .argument("[id]", "the fault, as `fault list` names it; without it, all")
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault clear throttle-1\n")
    .action(clear);
}

function addThrottle(fault: Command): void {
  const throttle = fault
    .command("throttle")
    .description("answer calls to the cloud with a throttling error")
    .addOption(new Option("--calls <count>", "the next so many calls").argParser(wholeFrom(1)).conflicts("every"))
    .addOption(new Option("--every <number>", "each n-th call, until the fault is lifted").argParser(wholeFrom(1)));
  withScope(throttle)
    .addHelpText(
      "after",
      "\nExamples:\n  npm run sandbox -- fault throttle --calls 20\n  npm run sandbox -- fault throttle --every 3 --service secretsmanager\n",
    )
    .action(async (options: Scope & { calls?: number; every?: number }) => {
      if (options.calls === undefined && options.every === undefined) {
        throw new UserError("It is not said how often.", [
          "allowed: --calls COUNT (the next so many), or --every NUMBER (each n-th)",
        ]);
      }
      await add({ kind: "throttle", ...options });
    });
}

function addFailCreate(fault: Command): void {
  fault
    .command("fail-create")
    .description("let the n-th create from now fail, once")
    .requiredOption("--nth <number>", "which create, counted from 1", wholeFrom(1))
    .option("--code <code>", "the error code that it fails with, such as InsufficientInstanceCapacity")
    .option(...TYPE)
    .option(...SERVICE)
    .addHelpText(
      "after",
      "\nExamples:\n  npm run sandbox -- fault fail-create --nth 7\n  npm run sandbox -- fault fail-create --nth 1 --type aws:ec2/instance:Instance\n",
    )
    .action((options: Omit<Scope, "operation"> & { nth: number; code?: string }) => add({ kind: "fail-create", ...options }));
}

function addLatency(fault: Command): void {
  const latency = fault
    .command("latency")
    .description("make calls to the cloud take longer")
    .requiredOption("--ms <milliseconds>", "how much longer", wholeFrom(1));
  withScope(latency)
    .addHelpText(
      "after",
      "\nExamples:\n  npm run sandbox -- fault latency --ms 500\n  npm run sandbox -- fault latency --ms 200 --service s3 --operation GetObject\n",
    )
    .action((options: Scope & { ms: number }) => add({ kind: "latency", ...options }));
}

function addOutage(fault: Command): void {
  fault
    .command("outage")
    .description("switch an instance or an Availability Zone off, until the fault is lifted")
    .addOption(new Option("--instance <id>", "the instance, such as i-0123456789abcdef0").conflicts("zone"))
    .addOption(new Option("--zone <name>", "the zone, with all that stand in it, such as eu-central-1a"))
    .addHelpText(
      "after",
      "\nExamples:\n  npm run sandbox -- fault outage --zone eu-central-1a\n  npm run sandbox -- fault outage --instance i-0123456789abcdef0\n",
    )
    .action(async (options: { instance?: string; zone?: string }) => {
      if (options.instance === undefined && options.zone === undefined)
        throw new UserError("It is not said what is to be off.", ["allowed: --instance ID, or --zone NAME"]);
      await add({ kind: "outage", ...options });
    });
  fault
    .command("spot-interruption")
    .description("let EC2 take a Spot instance of an Auto Scaling group back, at two minutes' notice")
    .argument("<instance>", "the instance, such as i-0123456789abcdef0")
    .addHelpText("after", "\nExample:\n  npm run sandbox -- fault spot-interruption i-0123456789abcdef0\n")
    .action((instance: string) => add({ kind: "spot-interruption", instance }));
}

const TYPE = ["--type <type>", "only for this resource type, such as aws:ec2/vpc:Vpc"] as const;
const SERVICE = ["--service <name>", "only for this service, such as secretsmanager"] as const;
const OPERATION = ["--operation <name>", "only for this operation: create, read, update, delete, or one of the API"] as const;

function withScope(command: Command): Command {
  return command
    .option(...TYPE)
    .option(...SERVICE)
    .option(...OPERATION);
}

async function control(): Promise<ControlClient> {
  return new ControlClient(await requireDaemon(sandboxContext().home));
}

async function add(request: FaultRequest): Promise<void> {
  const { id, description } = await (await control()).addFault(request);
  say(`${id}  ${description}`);
}

async function kill(given: string): Promise<void> {
  const { processes } = await (await control()).status();
  const names = processes.map((process) => process.name);
  await add({ kind: "kill", name: processMeant(given, names) });
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
