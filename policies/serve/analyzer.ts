import { type handleUnaryCall, Server, ServerCredentials, status, type UntypedServiceImplementation } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import { exemptionsInOrder } from "../framework/exemptions.ts";
import { Judge, type RuleSetting } from "../framework/judge.ts";
import { nearestOf } from "../framework/nearest.ts";
import type { ResourceFacts } from "../framework/resource.ts";
import type { Level, Rule } from "../framework/rule.ts";
import { NO_SETTINGS, type PackSettings, ruleSettings, type StackChoice, waiversOf } from "../framework/settings.ts";
import { factsOf, stackFactsOf } from "./facts.ts";
import { LEVELS, packInfo, type PackIdentity } from "./info.ts";
import { Empty } from "./protobuf.ts";
import { responseOf } from "./response.ts";

/** A stack of thousands of resources comes as one message. The engine's own limit is the same. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

/** What a pack serves. */
export interface Served {
  readonly identity: PackIdentity;
  readonly rules: readonly Rule[];
  /** Reads the settings of a project. Its name is not known where an engine judges a state without one. */
  readonly readSettings: (project: string | undefined) => Promise<PackSettings>;
}

/** Answers the engine. One analyzer serves one preview or update. */
export class Analyzer {
  readonly #served: Served;
  #project: PackSettings | undefined;
  #settings: ReadonlyMap<string, Required<RuleSetting>>;
  #judge: Judge;
  /** Inputs by URN; the engine shows only outputs when it asks about the whole stack. */
  readonly #asked = new Map<string, ResourceFacts>();

  constructor(served: Served) {
    this.#served = served;
    this.#settings = ruleSettings(served.rules, NO_SETTINGS);
    this.#judge = this.#newJudge();
  }

  /** Begins to listen on a free port of 127.0.0.1, and gives it. */
  async listen(): Promise<{ port: number; stop: () => void }> {
    const server = new Server({ "grpc.max_receive_message_length": LARGEST_MESSAGE });
    server.addService(services.AnalyzerService, this.#handlers());
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    return { port, stop: () => server.forceShutdown() };
  }

  #handlers(): UntypedServiceImplementation {
    return {
      handshake: answering(() => new messages.AnalyzerHandshakeResponse()),
      configureStack: answering(async (request: messages.AnalyzerStackConfigureRequest) => {
        await this.#configureStack(request);
        return new messages.AnalyzerStackConfigureResponse();
      }),
      configure: answering((request: messages.ConfigureAnalyzerRequest) => {
        this.#configure(request);
        return new Empty();
      }),
      getAnalyzerInfo: answering(async () => this.#info()),
      getPluginInfo: answering(() => new plugin.PluginInfo().setVersion(this.#served.identity.version)),
      analyze: answering((request: messages.AnalyzeRequest) => {
        const facts = factsOf(request);
        this.#asked.set(facts.urn, facts);
        return responseOf(this.#judge.judgeResource(facts), this.#served.identity, this.#project?.docs);
      }),
      analyzeStack: answering((request: messages.AnalyzeStackRequest) => {
        const facts = request.getResourcesList().map((resource) => stackFactsOf(resource, this.#asked.get(resource.getUrn())));
        return responseOf(this.#judge.judgeStack(facts), this.#served.identity, this.#project?.docs);
      }),
      remediate: answering(() => new messages.RemediateResponse()),
      cancel: answering(() => new Empty()),
    };
  }

  async #info(): Promise<messages.AnalyzerInfo> {
    const { identity, rules } = this.#served;
    // An engine that judges a state does not say of which stack.
    if (this.#project === undefined) await this.#take(undefined, {});
    return packInfo(identity, [...rules, exemptionsInOrder], this.#settings, this.#project?.docs);
  }

  /** A stack may name its own presets (`policies:presets`); else the project's hold, or else the stage that it is at. */
  async #configureStack(request: messages.AnalyzerStackConfigureRequest): Promise<void> {
    const config = request.getConfigMap();
    await this.#take(request.getProject(), {
      stage: config.get(`${request.getProject()}:stage`),
      presets: config.get("policies:presets"),
    });
  }

  async #take(project: string | undefined, choice: StackChoice): Promise<void> {
    this.#project = await this.#served.readSettings(project);
    this.#settings = ruleSettings(this.#served.rules, this.#project, choice);
    this.#judge = this.#newJudge();
  }

  /** The engine's configuration: what `--policy-pack-config` says, over the defaults that {@link #info} gave. */
  #configure(request: messages.ConfigureAnalyzerRequest): void {
    const known = [...this.#served.rules.map(({ id }) => id), exemptionsInOrder.id];
    const settings = new Map<string, Required<RuleSetting>>();
    request.getPolicyconfigMap().forEach((config, id) => {
      const own = config.getProperties()?.toJavaScript();
      settings.set(id, {
        level: levelOf(config.getEnforcementlevel()),
        config: { ...this.#settings.get(id)?.config, ...own },
      });
    });
    const unknown = [...settings.keys()].filter((id) => !known.includes(id));
    if (unknown.length > 0) {
      const lines = unknown.map((id) => `- ${id}${nearestOf(id, known)}`);
      throw new Error(["The configuration of the policy pack names rules that it does not have:", ...lines].join("\n"));
    }
    this.#settings = settings;
    this.#judge = this.#newJudge();
  }

  #newJudge(): Judge {
    return new Judge({ rules: this.#served.rules, settings: this.#settings, ...waiversOf(this.#project ?? NO_SETTINGS) });
  }
}

/** The rules mend nothing by themselves, so "remediate" is as good as "mandatory". */
function levelOf(level: messages.EnforcementLevel): Level {
  if (level === messages.EnforcementLevel.REMEDIATE) return "mandatory";
  return (Object.entries(LEVELS).find(([, value]) => value === level)?.[0] ?? "mandatory") as Level;
}

/** A call; what is thrown becomes its error. */
function answering<Request, Response>(
  answer: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    new Promise<Response>((resolve) => resolve(answer(request))).then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) }),
    );
  };
}
