import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { CloudError } from "./definition.ts";
import type { Change } from "./difference.ts";
import type { CloudEngine } from "./engine.ts";
import type { TypeSchema } from "./schema.ts";
import { type Props, text, UNKNOWN } from "./values.ts";

/** The provider server as the daemon holds it. */
export interface ProviderServer {
  /** The loopback port that `PULUMI_DEBUG_PROVIDERS` names. */
  readonly port: number;
  /** Lets running calls end, then closes. */
  readonly close: () => Promise<void>;
}

type Struct = ReturnType<typeof struct.Struct.fromJavaScript>;
type Answer<Request, Response> = (request: Request, peer: string) => Response | Promise<Response>;

/**
 * Serves Pulumi's provider protocol (pulumi/provider.proto) for every package of the sandbox on one loopback port: requests carry
 * the type in their URN. Secrets are left to the engine, which unwraps them on the way in and marks them again on the way out.
 */
export async function serveProvider(
  engine: CloudEngine,
  schemas: Readonly<Record<string, TypeSchema>>,
  port = 0,
): Promise<ProviderServer> {
  const server = new grpc.Server();
  server.addService(providerGrpc.ResourceProviderService, handlers(engine, schemas));
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

function handlers(engine: CloudEngine, schemas: Readonly<Record<string, TypeSchema>>): grpc.UntypedServiceImplementation {
  // Every provider instance of a program has its own connection, and so its own region; one that reconnects has the last that was named.
  const regions = new Map<string, string>();
  let lastRegion = "us-east-1";
  const regionOf = (inputs: Props, peer: string): string => text(inputs, "region") || (regions.get(peer) ?? lastRegion);

  return {
    handshake: unary(() => new provider.ProviderHandshakeResponse()),
    attach: unary(() => new empty.Empty()),
    cancel: unary(() => new empty.Empty()),
    getPluginInfo: unary(() => {
      const info = new plugin.PluginInfo();
      info.setVersion("0.1.0");
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
      const region = text(propsOf(request.getArgs()), "region");
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
      const made = await engine.create({ urn: request.getUrn(), region: regionOf(inputs, peer), inputs });
      response.setId(made.id);
      response.setProperties(structOf(made.outputs));
      return response;
    }),
    read: unary((request: provider.ReadRequest, peer) => {
      const found = engine.read(request.getType(), request.getId(), regionOf(propsOf(request.getProperties()), peer));
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
        response.setProperties(structOf({ ...propsOf(request.getOlds()), ...inputs }));
        return response;
      }
      const updated = await engine.update({ urn: request.getUrn(), region: regionOf(inputs, peer), inputs }, request.getId());
      response.setProperties(structOf(updated.outputs));
      return response;
    }),
    delete: unary(async (request: provider.DeleteRequest, peer) => {
      await engine.delete(request.getType(), request.getId(), regionOf(propsOf(request.getProperties()), peer));
      return new empty.Empty();
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
