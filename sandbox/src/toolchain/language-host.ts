import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import grpc from "@grpc/grpc-js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { programDependencies } from "./program-dependencies.ts";
import { PULUMI_VERSION } from "./versions.ts";

/** The program has already told the person what is wrong; the engine adds nothing. Source: @pulumi/pulumi/cmd/run/index.js. */
const EXIT_CODE_BAIL = 32;
/** The engine allows 5 s for a plugin to end before it kills it (newPlugin in pulumi/sdk/go/common/resource/plugin/plugin.go). */
const GRACE_MS = 4000;

type Unary<Request, Response> = grpc.ServerUnaryCall<Request, Response>;
type Reply<Response> = grpc.sendUnaryData<Response>;

/**
 * The engine's way to run Node.js programs and policy packs: what the official `pulumi-language-nodejs` does for `preview`, `up`,
 * `refresh` and `destroy`. It does not generate code (`pulumi convert`, `package add`); those answer UNIMPLEMENTED.
 */
export class LanguageHost {
  private engineAddress: string;
  private readonly programs = new Set<ChildProcess>();
  private readonly plugins = new Set<ChildProcess>();

  constructor(engineAddress: string) {
    this.engineAddress = engineAddress;
  }

  /** Listens on a free loopback port and returns it. */
  async listen(server: grpc.Server): Promise<number> {
    server.addService(services.LanguageRuntimeService, this.methods());
    return new Promise((done, failed) => {
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
        if (error) failed(error);
        else done(port);
      });
    });
  }

  /** Ends every program and policy pack, by force after a few seconds. */
  async close(): Promise<void> {
    await Promise.all([...this.programs, ...this.plugins].map(end));
  }

  private methods(): grpc.UntypedServiceImplementation {
    return {
      handshake: (
        call: Unary<language.LanguageHandshakeRequest, language.LanguageHandshakeResponse>,
        reply: Reply<language.LanguageHandshakeResponse>,
      ) => {
        this.engineAddress = call.request.getEngineAddress() || this.engineAddress;
        reply(null, new language.LanguageHandshakeResponse());
      },
      // Every provider is attached or already installed, so there is nothing for the engine to fetch.
      getRequiredPlugins: answer(() => new language.GetRequiredPluginsResponse()),
      getRequiredPackages: answer(() => new language.GetRequiredPackagesResponse()),
      getPluginInfo: answer(() => new plugin.PluginInfo().setVersion(PULUMI_VERSION)),
      about: answer(() => new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version)),
      runtimeOptionsPrompts: answer(() => new language.RuntimeOptionsResponse()),
      getProgramDependencies: answer((request: language.GetProgramDependenciesRequest) => listDependencies(request)),
      installDependencies: (
        call: grpc.ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>,
      ) => {
        this.installDependencies(call);
      },
      run: (call: Unary<language.RunRequest, language.RunResponse>, reply: Reply<language.RunResponse>) => {
        this.run(call, reply);
      },
      runPlugin: (call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>) => {
        this.runPlugin(call);
      },
      cancel: (_call: Unary<emptyMessages.Empty, emptyMessages.Empty>, reply: Reply<emptyMessages.Empty>) => {
        for (const program of this.programs) void end(program);
        reply(null, new emptyMessages.Empty());
      },
      template: unimplemented("templates"),
      generateProgram: unimplemented("program generation"),
      generateProject: unimplemented("project generation"),
      generatePackage: unimplemented("SDK generation"),
      pack: unimplemented("packing an SDK"),
      link: unimplemented("linking an SDK"),
    };
  }

  private run(call: Unary<language.RunRequest, language.RunResponse>, reply: Reply<language.RunResponse>): void {
    let child: ChildProcess;
    try {
      child = spawnProgram(call.request, this.engineAddress);
    } catch (error) {
      reply(null, new language.RunResponse().setError(installFirst(error)));
      return;
    }
    this.programs.add(child);
    call.on("cancelled", () => void end(child));
    child.once("error", (error) => {
      this.programs.delete(child);
      reply(null, new language.RunResponse().setError(`the program could not be started: ${error.message}`));
    });
    child.once("exit", (code, signal) => {
      if (!this.programs.delete(child)) return;
      reply(null, runResponse(code, signal, child.killed));
    });
  }

  private runPlugin(call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>): void {
    let child: ChildProcess;
    try {
      child = spawnPlugin(call.request);
    } catch (error) {
      call.write(new language.RunPluginResponse().setStderr(Buffer.from(`${installFirst(error)}\n`)));
      call.write(new language.RunPluginResponse().setExitcode(1));
      call.end();
      return;
    }
    this.plugins.add(child);
    call.on("cancelled", () => void end(child));
    child.stdout?.on("data", (data: Buffer) => call.write(new language.RunPluginResponse().setStdout(data)));
    child.stderr?.on("data", (data: Buffer) => call.write(new language.RunPluginResponse().setStderr(data)));
    child.once("error", (error) => call.write(new language.RunPluginResponse().setStderr(Buffer.from(`${error.message}\n`))));
    // `close` comes after the last of its output, `exit` may not.
    child.once("close", (code) => {
      this.plugins.delete(child);
      call.write(new language.RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
  }

  private installDependencies(
    call: grpc.ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>,
  ): void {
    const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
    const child = spawn("npm", ["install"], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
    this.plugins.add(child);
    call.on("cancelled", () => void end(child));
    child.stdout.on("data", (data: Buffer) => call.write(new language.InstallDependenciesResponse().setStdout(data)));
    child.stderr.on("data", (data: Buffer) => call.write(new language.InstallDependenciesResponse().setStderr(data)));
    const fail = (details: string): void => {
      call.emit("error", { code: grpc.status.INTERNAL, details });
    };
    child.once("error", (error) => {
      fail(`npm could not be started: ${error.message}`);
    });
    child.once("close", (code) => {
      if (!this.plugins.delete(child)) return;
      if (code === 0) call.end();
      else fail(`npm install ended with exit code ${String(code)}`);
    });
  }
}

function spawnProgram(request: language.RunRequest, engineAddress: string): ChildProcess {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const root = info?.getRootDirectory() ?? request.getPwd();
  const runner = resolveFrom(directory, "@pulumi/pulumi/cmd/run");
  const args = [
    ...[runner, "--monitor", request.getMonitorAddress(), "--engine", engineAddress],
    ...["--project", request.getProject(), "--stack", request.getStack(), "--pwd", request.getPwd()],
    ...["--root-directory", root, "--parallel", String(request.getParallel())],
    ...(request.getOrganization() === "" ? [] : ["--organization", request.getOrganization()]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    ...[resolve(directory, info?.getEntryPoint() ?? request.getProgram()), ...request.getArgsList()],
  ];
  const config = Object.fromEntries(request.getConfigMap().getEntryList());
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
  // The engine shows whatever comes on our own stdout and stderr after the port line.
  return spawn(process.execPath, args, { cwd: request.getPwd(), env, stdio: ["ignore", "inherit", "inherit"] });
}

function spawnPlugin(request: language.RunPluginRequest): ChildProcess {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const isPolicyPack = request.getKind() === "analyzer";
  const runner = resolveFrom(directory, isPolicyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin");
  const env: NodeJS.ProcessEnv = Object.fromEntries(
    request.getEnvList().map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
  // A policy pack is loaded from its own folder, with the modules that are installed there.
  const args = isPolicyPack ? [runner, ...request.getArgsList(), directory] : [runner, directory, ...request.getArgsList()];
  return spawn(process.execPath, args, {
    cwd: isPolicyPack ? directory : request.getPwd(),
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function runResponse(code: number | null, signal: NodeJS.Signals | null, ended: boolean): language.RunResponse {
  const response = new language.RunResponse();
  if (code === 0) return response;
  if (code === EXIT_CODE_BAIL || ended) return response.setBail(true);
  return response.setError(
    signal === null ? `the program ended with exit code ${String(code)}` : `the program was ended by ${signal}`,
  );
}

function listDependencies(request: language.GetProgramDependenciesRequest): language.GetProgramDependenciesResponse {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const list = programDependencies(directory).map(({ name, version }) =>
    new language.DependencyInfo().setName(name).setVersion(version),
  );
  return new language.GetProgramDependenciesResponse().setDependenciesList(list);
}

function resolveFrom(directory: string, module: string): string {
  return createRequire(pathToFileURL(join(directory, "package.json"))).resolve(module);
}

function installFirst(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== "MODULE_NOT_FOUND") return error instanceof Error ? error.message : String(error);
  return "the module @pulumi/pulumi is not installed here; run `npm ci` in the checkout";
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  await gone;
  clearTimeout(force);
}

function answer<Request, Response>(make: (request: Request) => Response) {
  return (call: Unary<Request, Response>, reply: Reply<Response>): void => {
    try {
      reply(null, make(call.request));
    } catch (error) {
      reply({ code: grpc.status.INTERNAL, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

function unimplemented(what: string) {
  const details = `${what}: not offered by this language host; install the official Pulumi CLI for it`;
  return (_call: unknown, reply: Reply<never>): void => {
    reply({ code: grpc.status.UNIMPLEMENTED, details });
  };
}

async function main(): Promise<void> {
  // The engine may put logging flags before the address, and gives the address last.
  const host = new LanguageHost(process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "");
  const server = new grpc.Server();
  let closing = false;
  const close = (): void => {
    if (closing) return;
    closing = true;
    void host.close().then(() => {
      server.forceShutdown();
      process.exit(0);
    });
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, close);
  // The engine holds the other end of stdin: when it dies, however it dies, this ends.
  process.stdin.on("end", close).on("error", close).resume();
  process.stdout.write(`${String(await host.listen(server))}\n`);
}

if (import.meta.main) await main();
