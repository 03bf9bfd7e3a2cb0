import grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Account } from "../../../sandbox/src/core/account.ts";
import type { Cloud } from "../../../sandbox/src/core/cloud.ts";
import { CloudError, type ResourceDefinition } from "../../../sandbox/src/core/definition.ts";
import { CloudEngine } from "../../../sandbox/src/core/engine.ts";
import { type ProviderServer, serveProvider } from "../../../sandbox/src/core/provider.ts";
import { type Props, UNKNOWN } from "../../../sandbox/src/core/values.ts";
import { World } from "../../../sandbox/src/core/world.ts";

const type = "test:index:Shelf";
const urn = `urn:pulumi:sandbox::platform::${type}::main`;
const shelf: ResourceDefinition = {
  type,
  replaceOn: ["place"],
  renewed: (before, now) => (before["boards"] === now["boards"] ? [] : ["address"]),
  create: ({ region, inputs }) => {
    if (inputs["place"] === "moon") throw new CloudError("InvalidPlace", "The place 'moon' has no gravity");
    return { id: "shelf-1", outputs: { address: `${region}/shelf-1` } };
  },
};
const schemas = { [type]: { inputs: { place: "string", boards: "number" }, required: [], outputs: ["address"] } } as const;
const structOf = (props: Props): ReturnType<typeof struct.Struct.fromJavaScript> =>
  struct.Struct.fromJavaScript(props as Record<string, never>);

describe("the provider protocol", () => {
  let folder: string;
  let world: World;
  let server: ProviderServer;
  let before: (signal?: AbortSignal) => Promise<void>;
  let client: InstanceType<typeof providerGrpc.ResourceProviderClient>;

  /** One call of the protocol, as a promise. */
  const call = <Request, Response>(
    method: (request: Request, callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
    request: Request,
  ): Promise<Response> =>
    new Promise((resolve, reject) => {
      method.call(client, request, (error, response) => {
        if (error === null) resolve(response);
        else reject(error);
      });
    });

  const configure = async (region: string, more: Props = {}): Promise<provider.ConfigureResponse> => {
    const request = new provider.ConfigureRequest();
    request.setArgs(structOf({ region, ...more }));
    return call(client.configure.bind(client), request);
  };
  const create = (inputs: Props, preview: boolean): Promise<provider.CreateResponse> => {
    const request = new provider.CreateRequest();
    request.setUrn(urn);
    request.setType(type);
    request.setProperties(structOf(inputs));
    request.setPreview(preview);
    return call(client.create.bind(client), request);
  };
  const read = (id: string): Promise<provider.ReadResponse> => {
    const request = new provider.ReadRequest();
    request.setType(type);
    request.setId(id);
    return call(client.read.bind(client), request);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "platform-provider-"));
    world = new World(join(folder, "world.db"));
    before = () => Promise.resolve();
    const account = new Account(world);
    const engine = new CloudEngine({ world } as Cloud, [shelf], schemas, {
      functions: [{ token: "test:index:getShelf", call: (_cloud, args, region) => ({ place: args["place"], region }) }],
      before: (_call, signal) => before(signal),
    });
    server = await serveProvider(engine, schemas, {
      signIn: (allowed) => {
        account.signIn(allowed);
      },
    });
    client = new providerGrpc.ResourceProviderClient(`127.0.0.1:${server.port}`, grpc.credentials.createInsecure());
  });
  afterEach(async () => {
    client.close();
    await server.close();
    world.close();
    rmSync(folder, { recursive: true });
  });

  it("makes nothing in a preview, and says which outputs cannot be known yet", async () => {
    const response = await create({ place: "hall" }, true);
    assert.deepEqual(response.getProperties()?.toJavaScript(), { place: "hall", address: UNKNOWN });
    assert.deepEqual(world.all(), []);
  });

  it("shows in the preview of an update what stays, and not what the update makes anew", async () => {
    const preview = async (now: Props): Promise<unknown> => {
      const request = new provider.UpdateRequest();
      request.setUrn(urn);
      request.setType(type);
      request.setId("shelf-1");
      request.setOlds(structOf({ place: "hall", boards: 2, address: "eu-central-1/shelf-1" }));
      request.setOldInputs(structOf({ place: "hall", boards: 2 }));
      request.setNews(structOf(now));
      request.setPreview(true);
      const response: provider.UpdateResponse = await call(client.update.bind(client), request);
      return response.getProperties()?.toJavaScript();
    };
    assert.deepEqual(await preview({ place: "hall", boards: 3 }), { place: "hall", boards: 3, address: UNKNOWN });
    assert.deepEqual(await preview({ place: "attic", boards: 2 }), {
      place: "attic",
      boards: 2,
      address: "eu-central-1/shelf-1",
    });
  });

  it("makes the resource in the region that its provider was configured with", async () => {
    assert.equal((await configure("eu-central-1")).getSupportspreview(), true);
    const response = await create({ place: "hall" }, false);
    assert.equal(response.getId(), "shelf-1");
    assert.deepEqual(response.getProperties()?.toJavaScript(), { place: "hall", address: "eu-central-1/shelf-1" });
  });

  it("reads a resource for import with its inputs, and answers without an id where there is none", async () => {
    await configure("eu-central-1");
    await create({ place: "hall" }, false);
    const found = await read("shelf-1");
    assert.deepEqual(found.getInputs()?.toJavaScript(), { place: "hall" });
    assert.equal((await read("shelf-2")).getId(), "");
  });

  it("passes the cloud's refusal on with its code and wording", async () => {
    const details = "api error InvalidPlace: The place 'moon' has no gravity";
    await assert.rejects(create({ place: "moon" }, false), { details });
    assert.deepEqual(world.all(), []);
  });

  it("lists every fault of a check by property", async () => {
    const request = new provider.CheckRequest();
    request.setUrn(urn);
    request.setNews(structOf({ place: 1, bords: 2 }));
    const response: provider.CheckResponse = await call(client.check.bind(client), request);
    assert.deepEqual(
      response
        .getFailuresList()
        .map((failure) => failure.toObject())
        .sort((one, other) => one.property.localeCompare(other.property)),
      [
        { property: "bords", reason: '"bords" is not an input of this type; did you mean "boards"?' },
        { property: "place", reason: '"place" must be a string, not a number' },
      ],
    );
  });

  it("tells the engine which changes replace, and leaves out what the program ignores", async () => {
    const request = new provider.DiffRequest();
    request.setUrn(urn);
    request.setType(type);
    request.setOldInputs(structOf({ place: "hall", boards: 2 }));
    request.setNews(structOf({ place: "attic", boards: 3 }));
    request.setIgnorechangesList(["boards"]);
    const response: provider.DiffResponse = await call(client.diff.bind(client), request);
    assert.deepEqual(response.getReplacesList(), ["place"]);
    assert.deepEqual(response.getDiffsList(), ["place"]);
    assert.equal(response.getChanges(), provider.DiffResponse.DiffChanges.DIFF_SOME);
  });

  it("answers a provider function in the region that was configured", async () => {
    await configure("eu-central-1");
    const request = new provider.InvokeRequest();
    request.setTok("test:index:getShelf");
    request.setArgs(structOf({ place: "hall" }));
    const response: provider.InvokeResponse = await call(client.invoke.bind(client), request);
    assert.deepEqual(response.getReturn()?.toJavaScript(), { place: "hall", region: "eu-central-1" });
  });

  it("tries a throttled call again until it is let through", async () => {
    let refusals = 3;
    before = () => (refusals-- > 0 ? Promise.reject(new CloudError("ThrottlingException", "Rate exceeded")) : Promise.resolve());
    assert.equal((await create({ place: "hall" }, false)).getId(), "shelf-1");
    assert.equal(refusals, -1);
  });

  it("tries nothing again that the cloud has refused for another reason", async () => {
    let calls = 0;
    before = () => {
      calls++;
      return Promise.reject(new CloudError("InternalError", "out of order"));
    };
    await assert.rejects(create({ place: "hall" }, false), { details: "api error InternalError: out of order" });
    assert.equal(calls, 1);
  });

  it("ends at once what only waits when the run is cancelled, and works on for the next one", async () => {
    let begun: () => void;
    const waiting = new Promise<void>((resolve) => (begun = resolve));
    before = (signal) => {
      begun();
      return new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
    };
    const attempt = create({ place: "hall" }, false);
    await waiting;
    const rejected = assert.rejects(attempt, { details: "api error RequestCanceled: the run was cancelled" });
    await call(client.cancel.bind(client), new empty.Empty());
    await rejected;
    before = () => Promise.resolve();
    assert.equal((await create({ place: "hall" }, false)).getId(), "shelf-1");
  });

  it("takes the account of the first program that signs in, and refuses one that allows only others", async () => {
    await configure("eu-central-1", { allowedAccountIds: '["111122223333"]' });
    await configure("eu-central-1", { allowedAccountIds: '["444455556666","111122223333"]' });
    await assert.rejects(configure("eu-central-1", { allowedAccountIds: '["444455556666"]' }), {
      details:
        "api error AccountNotAllowed: AWS account ID not allowed: 111122223333. aws:allowedAccountIds is 444455556666; this sandbox holds " +
        "account 111122223333. Set aws:allowedAccountIds back, or begin another sandbox with: npm run sandbox -- reset",
    });
  });
});
