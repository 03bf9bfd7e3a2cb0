import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import pRetry from "p-retry";
import { CloudError } from "./definition.ts";
import type { Change } from "./difference.ts";
import type { CloudEngine } from "./engine.ts";
import type { TypeSchema } from "./schema.ts";
import { type Props, text, UNKNOWN, type Value } from "./values.ts";

/** The provider server as the daemon holds it. */
export interface ProviderServer {
  /** The loopback port that `PULUMI_DEBUG_PROVIDERS` names. */
  readonly port: number;
  /** Lets running calls end, then closes. */
  readonly close: () => Promise<void>;
}

type Struct = ReturnType<typeof struct.Struct.fromJavaScript>;
type Answer<Request, Response> = (request: Request, peer: string) => Response | Promise<Response>;

/** What else a provider server may be given. */
export interface ProviderOptions {
  /** The loopback port. @default 0: any free one */
  readonly port?: number;
  /** The version of the package that it stands in for: the engine warns of an older one than the program was written for. @default "0.0.0" */
  readonly version?: string;
  /** Told the account ids that the program allows (`aws:allowedAccountIds`); throws where the sandbox's account is none of them. @default - any */
  readonly signIn?: (allowedAccountIds: readonly string[]) => void;
}

/**
 * How a throttled call is retried: like the real provider, 25 times (`maxRetries` of registry.terraform.io/providers/hashicorp/aws),
 * with the exponential backoff and jitter of the AWS SDKs (docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
 */
const RETRY = { retries: 25, minTimeout: 50, maxTimeout: 20_000, factor: 2, randomize: true } as const;
const THROTTLED = /^(Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|TooManyRequestsException|SlowDown)$/;

/**
 * Serves Pulumi's provider protocol (pulumi/provider.proto) on a loopback port: one server stands in for one package, since the engine
 * asks it for its version. Requests carry the type in their URN. Secrets are left to the engine, which unwraps them on the way in and marks them again on the way out.
 */
export async function serveProvider(
  engine: CloudEngine,
  schemas: Readonly<Record<string, TypeSchema>>,
  { port = 0, version = "0.0.0", signIn = () => undefined }: ProviderOptions = {},
): Promise<ProviderServer> {
  const server = new grpc.Server();
  server.addService(providerGrpc.ResourceProviderService, handlers(engine, schemas, { version, signIn }));
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, free) => {
      if (error === null) resolve(free);
      else reject(error);
    });
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.tryShutdown(() => {
        resolve();
      });
    });
  return { port: bound, close };
}

function handlers(
  engine: CloudEngine,
  schemas: Readonly<Record<string, TypeSchema>>,
  { version, signIn }: Required<Pick<ProviderOptions, "version" | "signIn">>,
): grpc.UntypedServiceImplementation {
  // Every provider instance of a program has its own connection, and so its own region; one that reconnects has the last that was named.
  const regions = new Map<string, string>();
  let lastRegion = "us-east-1";
  const regionOf = (inputs: Props, peer: string): string => text(inputs, "region") || (regions.get(peer) ?? lastRegion);
  const cancellations = new Map<string, AbortController>();
  const signalOf = (peer: string): AbortSignal => {
    const controller = cancellations.get(peer) ?? new AbortController();
    cancellations.set(peer, controller);
    return controller.signal;
  };
  const retried = <T>(peer: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const signal = signalOf(peer);
    return pRetry(() => call(signal), {
      ...RETRY,
      signal,
      shouldRetry: ({ error }) => error instanceof CloudError && THROTTLED.test(error.code),
    });
  };

  return {
    handshake: unary(() => new provider.ProviderHandshakeResponse()),
    attach: unary(() => new empty.Empty()),
    // Ends what only waits: a pause before a retry, a delay that was asked for. What has begun to change something goes on to its end.
    cancel: unary((_request: empty.Empty, peer) => {
      cancellations.get(peer)?.abort(new CloudError("RequestCanceled", "the run was cancelled"));
      cancellations.delete(peer);
      return new empty.Empty();
    }),
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: unary(() => {
      const response = new provider.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    checkConfig: unary((request: provider.CheckRequest) => {
      const response = new provider.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(() => new provider.DiffResponse()),
    configure: unary((request: provider.ConfigureRequest, peer) => {
      const args = propsOf(request.getArgs());
      const allowed = listOf(args["allowedAccountIds"]);
      if (allowed.length > 0) signIn(allowed);
      const region = text(args, "region");
      if (region !== "") {
        regions.set(peer, region);
        lastRegion = region;
      }
      const response = new provider.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    check: unary((request: provider.CheckRequest, peer) => {
      const inputs = propsOf(request.getNews());
      const before = request.getOlds();
      const asked = { urn: request.getUrn(), region: regionOf(inputs, peer), inputs, seed: request.getRandomseed_asB64() };
      const checked = engine.check(asked, before === undefined ? undefined : propsOf(before));
      const response = new provider.CheckResponse();
      response.setInputs(structOf(checked.inputs));
      for (const { property, reason } of checked.faults) {
        const failure = new provider.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        response.addFailures(failure);
      }
      return response;
    }),
    diff: unary((request: provider.DiffRequest, peer) => {
      const now = propsOf(request.getNews());
      engine.claim(request.getType(), request.getId(), regionOf(now, peer));
      const { changes, deleteBeforeReplace } = engine.diff(request.getType(), propsOf(request.getOldInputs()), now);
      const ignored = new Set(request.getIgnorechangesList());
      return diffResponse(
        changes.filter(({ path }) => !ignored.has(path)),
        deleteBeforeReplace,
      );
    }),
    create: unary(async (request: provider.CreateRequest, peer) => {
      const inputs = propsOf(request.getProperties());
      const response = new provider.CreateResponse();
      if (request.getPreview()) {
        const later = (schemas[request.getType()]?.outputs ?? []).map((name) => [name, UNKNOWN] as const);
        response.setProperties(structOf({ ...Object.fromEntries(later), ...inputs }));
        return response;
      }
      const asked = { urn: request.getUrn(), region: regionOf(inputs, peer), inputs };
      const made = await retried(peer, (signal) => engine.create(asked, signal));
      response.setId(made.id);
      response.setProperties(structOf(made.outputs));
      return response;
    }),
    read: unary(async (request: provider.ReadRequest, peer) => {
      const region = regionOf(propsOf(request.getProperties()), peer);
      const found = await retried(peer, (signal) => engine.read(request.getType(), request.getId(), region, signal));
      const response = new provider.ReadResponse();
      if (found === undefined) return response;
      response.setId(found.id);
      response.setProperties(structOf(found.outputs));
      response.setInputs(structOf(found.inputs));
      return response;
    }),
    update: unary(async (request: provider.UpdateRequest, peer) => {
      const inputs = propsOf(request.getNews());
      const response = new provider.UpdateResponse();
      if (request.getPreview()) {
        const renewed = engine.renewed(request.getType(), propsOf(request.getOldInputs()), inputs);
        const later = Object.fromEntries(renewed.map((name) => [name, UNKNOWN]));
        response.setProperties(structOf({ ...propsOf(request.getOlds()), ...inputs, ...later }));
        return response;
      }
      const asked = { urn: request.getUrn(), region: regionOf(inputs, peer), inputs };
      const updated = await retried(peer, (signal) => engine.update(asked, request.getId(), signal));
      response.setProperties(structOf(updated.outputs));
      return response;
    }),
    delete: unary(async (request: provider.DeleteRequest, peer) => {
      const region = regionOf(propsOf(request.getProperties()), peer);
      await retried(peer, (signal) => engine.delete(request.getType(), request.getId(), region, signal));
      return new empty.Empty();
    }),
    invoke: unary((request: provider.InvokeRequest, peer) => {
      const args = propsOf(request.getArgs());
      const response = new provider.InvokeResponse();
      response.setReturn(structOf(engine.invoke(request.getTok(), args, regionOf(args, peer))));
      return response;
    }),
  };
}

/** A handler that answers with what `answer` returns, and passes on what it throws in the words of the cloud. */
function unary<Request, Response>(answer: Answer<Request, Response>): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call.getPeer()))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          const details = error instanceof CloudError ? `api error ${error.code}: ${message}` : message;
          callback({ code: grpc.status.UNKNOWN, details });
        },
      );
  };
}

function diffResponse(changes: readonly Change[], deleteBeforeReplace: boolean): provider.DiffResponse {
  const { DiffChanges } = provider.DiffResponse;
  const { Kind } = provider.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  } as const;
  const response = new provider.DiffResponse();
  response.setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDeletebeforereplace(deleteBeforeReplace);
  for (const { path, kind, replace } of changes) {
    const change = new provider.PropertyDiff();
    change.setKind(kinds[kind][replace ? 1 : 0]);
    change.setInputdiff(true);
    response.getDetaileddiffMap().set(path, change);
    response.addDiffs(topOf(path));
    if (replace) response.addReplaces(topOf(path));
  }
  return response;
}

/** Lists reach a provider's configuration as JSON text. */
function listOf(value: Value | undefined): readonly string[] {
  const list: unknown = typeof value === "string" && value.startsWith("[") ? JSON.parse(value) : value;
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}

function topOf(path: string): string {
  return /^[^.[]*/.exec(path)?.[0] ?? path;
}

function propsOf(given: Struct | undefined): Props {
  return given?.toJavaScript() ?? {};
}

/** As the protocol wants it; a property that is undefined is not sent. */
function structOf(props: Props): Struct {
  return struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(props)) as Record<string, never>);
}
