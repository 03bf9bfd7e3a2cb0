import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Empty, Struct } from "../../../policies/serve/protobuf.ts";
import { root } from "../../runner/groups.ts";

type Fields = Record<string, unknown>;
type Call<Request, Response> = (request: Request, done: (error: Error | null, response: Response) => void) => unknown;

/** A resource as a test describes it to the pack. */
export interface Described {
  readonly type: string;
  readonly name: string;
  readonly inputs: Fields;
  /** @default - the inputs */
  readonly outputs?: Fields;
  /** Input → names of resources. @default - none */
  readonly from?: Readonly<Record<string, readonly string[]>>;
}

/** What the pack answers: `LEVEL RULE: MESSAGE` for each diagnostic, and `RULE: REASON` for each rule that was not about it. */
export interface PackAnswer {
  readonly diagnostics: readonly string[];
  readonly notApplicable: readonly string[];
}

/** The policy pack in a process of its own, started and asked as the engine does. */
export class ServedPack {
  readonly #server: ChildProcess;
  readonly #client: InstanceType<typeof services.AnalyzerClient>;

  private constructor(server: ChildProcess, port: string) {
    this.#server = server;
    this.#client = new services.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** @param env added to the environment @throws Error with what the pack printed when it ends before it serves */
  static async start(env: NodeJS.ProcessEnv = {}, folder = join(root, "policies")): Promise<ServedPack> {
    const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const server = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { stderr, stdout } = server;
    let printed = "";
    stderr.setEncoding("utf8").on("data", (text: string) => (printed += text));
    const port = await new Promise<string>((resolve, reject) => {
      createInterface({ input: stdout }).once("line", resolve);
      server.once("close", (code) => {
        reject(new Error(`the pack ended with exit code ${String(code)}:\n${printed}`));
      });
    });
    return new ServedPack(server, port);
  }

  async stop(): Promise<void> {
    this.#client.close();
    const ended = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill();
    await ended;
  }

  info(): Promise<messages.AnalyzerInfo> {
    return answerOf((request, done) => this.#client.getAnalyzerInfo(request, done), new Empty());
  }

  async configureStack(project: string, config: Readonly<Record<string, string>>): Promise<void> {
    const request = new messages.AnalyzerStackConfigureRequest().setProject(project).setStack("prod").setDryRun(true);
    for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value);
    await answerOf<typeof request, unknown>((each, done) => this.#client.configureStack(each, done), request);
  }

  /** Sends levels and settings by rule, as the engine sends `--policy-pack-config`. */
  async configure(
    rules: Readonly<Record<string, { level: "ADVISORY" | "DISABLED" | "MANDATORY"; properties?: Fields }>>,
  ): Promise<void> {
    const request = new messages.ConfigureAnalyzerRequest();
    for (const [id, { level, properties = {} }] of Object.entries(rules))
      request
        .getPolicyconfigMap()
        .set(
          id,
          new messages.PolicyConfig().setEnforcementlevel(messages.EnforcementLevel[level]).setProperties(struct(properties)),
        );
    await answerOf<typeof request, unknown>((each, done) => this.#client.configure(each, done), request);
  }

  async analyze({ inputs, name, type }: Described): Promise<PackAnswer> {
    const request = new messages.AnalyzeRequest()
      .setType(type)
      .setName(name)
      .setUrn(urnOf(type, name))
      .setOptions(new messages.AnalyzerResourceOptions())
      .setProperties(struct(inputs));
    return answered(
      await answerOf<typeof request, messages.AnalyzeResponse>((each, done) => this.#client.analyze(each, done), request),
    );
  }

  async analyzeStack(resources: readonly Described[]): Promise<PackAnswer> {
    const types = new Map(resources.map(({ name, type }) => [name, type]));
    const request = new messages.AnalyzeStackRequest().setResourcesList(
      resources.map(({ from = {}, inputs, name, outputs = inputs, type }) => {
        const resource = new messages.AnalyzerResource()
          .setType(type)
          .setName(name)
          .setUrn(urnOf(type, name))
          .setOptions(new messages.AnalyzerResourceOptions())
          .setProperties(struct(outputs));
        for (const [property, sources] of Object.entries(from)) {
          const urns = sources.map((source) => urnOf(types.get(source) ?? "", source));
          resource.getPropertydependenciesMap().set(property, new messages.AnalyzerPropertyDependencies().setUrnsList(urns));
        }
        return resource;
      }),
    );
    return answered(
      await answerOf<typeof request, messages.AnalyzeResponse>((each, done) => this.#client.analyzeStack(each, done), request),
    );
  }
}

/** The word for a level in a message, in small letters. */
export function levelName(level: messages.EnforcementLevel): string {
  return (Object.entries(messages.EnforcementLevel).find(([, value]) => value === level)?.[0] ?? "?").toLowerCase();
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:prod::platform::${type}::${name}`;
}

function struct(fields: Fields): InstanceType<typeof Struct> {
  return Struct.fromJavaScript(fields as Parameters<typeof Struct.fromJavaScript>[0]);
}

function answered(response: messages.AnalyzeResponse): PackAnswer {
  return {
    diagnostics: response
      .getDiagnosticsList()
      .map((each) => `${levelName(each.getEnforcementlevel())} ${each.getPolicyname()}: ${each.getMessage()}`),
    notApplicable: response.getNotApplicableList().map((each) => `${each.getPolicyName()}: ${each.getReason()}`),
  };
}

function answerOf<Request, Response>(call: Call<Request, Response>, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    call(request, (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}
