import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { CommandError, commands } from "./commands.ts";
import { type Config, ConfigError, configHelp, loadConfig } from "./platform/config.ts";
import { EXIT } from "./platform/exit-codes.ts";
import { createLog, type Log } from "./platform/log.ts";
import { UnavailableError } from "./prepare.ts";
import { buildShop, type Shop } from "./shop.ts";

const HELP = `Usage: node src/main.ts [--help] [COMMAND]

The shop. Everything is decided by environment variables; SIGTERM stops it when what is under way has been answered.

Commands, which end when they are done:
${[...commands.values()].map(({ usage, about }) => `  ${usage}\n      ${about}`).join("\n")}

Environment:
${configHelp()}

Exit codes: ${EXIT.fine} stopped or done, ${EXIT.usage} unknown argument, ${EXIT.unavailable} the database or a secret did not come in time, ${EXIT.software} a fault of the program or a port that is taken, ${EXIT.config} wrong environment.
`;

/** Runs the product until it is told to stop. Returns the exit code. */
export async function runProcess(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  if (args.some((arg) => ["--help", "-h"].includes(arg))) {
    process.stdout.write(HELP);
    return EXIT.fine;
  }
  const [name, ...rest] = args;
  const command = name === undefined ? undefined : commands.get(name);
  if (name !== undefined && command === undefined) {
    process.stderr.write(
      `unknown argument: ${args.join(" ")}. Allowed are --help and the commands ${[...commands.keys()].join(", ")}; everything else is set by environment variables.\n`,
    );
    return EXIT.usage;
  }
  let config: Config;
  try {
    config = loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.config;
  }
  const log = createLog(config.logLevel);
  exitOnFaults(log);
  // Whoever read the log is gone. That is no reason to serve nobody; unheard, the event would end the process.
  process.stdout.on("error", () => undefined);
  const work = command === undefined ? undefined : (shop: Shop) => command.run(shop, rest);
  const code = await run(config, log, stopSignal(log), work);
  log.flush();
  return code;
}

/** Serves, unless there is something else to do. */
async function run(
  config: Config,
  log: Log,
  stop: AbortSignal,
  work: ((shop: Shop) => Promise<string>) | undefined,
): Promise<number> {
  const shop = await buildShop(config, log);
  try {
    if (work !== undefined) {
      await shop.prepare(stop);
      process.stdout.write(`${await work(shop)}\n`);
    } else if (config.role === "migrate") await shop.prepare(stop);
    else await serve(shop, config, log, stop);
    return EXIT.fine;
  } catch (error) {
    // Told to stop while it was starting: nothing went wrong.
    if (stop.aborted) return EXIT.fine;
    if (error instanceof CommandError) {
      process.stderr.write(`${error.message}\n`);
      return EXIT.usage;
    }
    log.error(error);
    return error instanceof UnavailableError ? EXIT.unavailable : EXIT.software;
  } finally {
    await shop.close();
    log.write("info", "stopped");
  }
}

async function serve(shop: Shop, config: Config, log: Log, stop: AbortSignal): Promise<void> {
  const { app, lifecycle } = shop;
  await app.listen({ port: config.port, host: config.host });
  log.write("info", "listening", { host: config.host, port: (app.server.address() as AddressInfo).port, role: config.role });
  await shop.prepare(stop);
  lifecycle.serve();
  log.write("info", "ready", { ms: Math.round(performance.now()) });
  const background = shop.work(stop);
  if (!stop.aborted) await once(stop, "abort");
  lifecycle.drain();
  log.write("info", "draining", { seconds: config.drainSeconds });
  await delay(config.drainSeconds * 1000);
  await background;
}

/** Aborted by the first SIGTERM or SIGINT; the second one ends the process on the spot. */
function stopSignal(log: Log): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.software);
      log.write("info", "stopping", { signal });
      controller.abort();
    });
  }
  return controller.signal;
}

/** After an error that nobody caught nothing is known to be whole: what runs us starts us again. */
function exitOnFaults(log: Log): void {
  process.on("uncaughtException", (error) => {
    log.error(error, { fatal: true });
    log.flush();
    process.exit(EXIT.software);
  });
}
