import assert from "node:assert/strict";
import { cbor, dateToTag, tagSymbol } from "@smithy/core/cbor";
import type { ApiCall } from "../../../sandbox/src/api/operation.ts";
import {
  answerCbor,
  cborError,
  type CborService,
  operationOfPath,
  speaksCbor,
} from "../../../sandbox/src/api/rpc-v2-cbor-protocol.ts";
import { CloudError } from "../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../sandbox/src/core/values.ts";

const PATH = "/service/Echo/operation/Say";
// The operations of this test ask IAM nothing, so nobody need be calling.
const CALL = {} as Omit<ApiCall, "input">;

describe("the RPC v2 protocol with CBOR", () => {
  /** What an operation is handed for a body. */
  const read = async (body: Uint8Array): Promise<Props> => {
    let input: Props = {};
    const run = ({ input: given }: ApiCall): Props => {
      input = given;
      return {};
    };
    await answerCbor({ operations: { Say: { run } }, timestamps: new Set() }, PATH, Buffer.from(body), CALL);
    return input;
  };
  /** What a client is sent for an output. */
  const written = async (output: Props, ...timestamps: string[]): Promise<unknown> => {
    const service: CborService = { operations: { Say: { run: () => output } }, timestamps: new Set(timestamps) };
    const answer = await answerCbor(service, PATH, Buffer.alloc(0), CALL);
    assert.deepEqual(answer.headers, { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" });
    return cbor.deserialize(answer.body as Uint8Array);
  };

  it("is known by its header, and the operation by its path", () => {
    assert.deepEqual([speaksCbor({ "smithy-protocol": "rpc-v2-cbor" }), speaksCbor({})], [true, false]);
    for (const [path, expected] of [
      [PATH, "Say"],
      [`/behind${PATH}`, "Say"],
      ["/service/Echo/operation/", ""],
      ["/Say", ""],
    ] as const)
      assert.equal(operationOfPath(path), expected);
  });

  it("reads what a client sends: times in seconds, large integers as numbers, bytes in base64", async () => {
    const sent = {
      at: dateToTag(new Date(1500)),
      list: [dateToTag(new Date(0)), 1.5, -7],
      large: 2n ** 40n,
      bytes: new Uint8Array([1, 2, 3]),
      nested: { text: "Grüße", yes: true, none: null },
    };
    assert.deepEqual(await read(cbor.serialize(sent)), {
      at: 1.5,
      list: [0, 1.5, -7],
      large: 2 ** 40,
      bytes: "AQID",
      nested: { text: "Grüße", yes: true, none: null },
    });
    assert.deepEqual(await read(new Uint8Array()), {});
  });

  it("tags the members that are times, wherever they stand, and leaves out what is undefined", async () => {
    const time = (value: number): object => ({ tag: 1, value, [tagSymbol]: true });
    assert.deepEqual(
      await written({ At: 1.5, Values: [1, 2], Items: [{ At: 2, Times: [3, 4] }], Gone: undefined }, "At", "Times"),
      {
        At: time(1.5),
        Values: [1, 2],
        Items: [{ At: time(2), Times: [time(3), time(4)] }],
      },
    );
  });

  for (const [what, body] of [
    ["cut off", cbor.serialize({ words: "words" }).subarray(0, 5)],
    ["no map", cbor.serialize([1])],
    ["text", Buffer.from("{}")],
  ] as const) {
    it(`refuses a body that is ${what}`, async () => {
      await assert.rejects(read(body), new CloudError("SerializationException", "The request's body is not a CBOR map."));
    });
  }

  it("says which operations there are", async () => {
    const call = answerCbor({ operations: {}, timestamps: new Set() }, PATH, Buffer.alloc(0), CALL);
    await assert.rejects(call, /^CloudError: The sandbox does not serve the operation "Say"; it serves \.$/);
  });

  it("words errors as JSON services do, and tells their old code to who asks", async () => {
    const denied = await cborError(new CloudError("AccessDenied", "No.", 403));
    assert.deepEqual([denied.status, denied.headers?.["x-amzn-query-error"]], [400, undefined]);
    assert.deepEqual(cbor.deserialize(denied.body as Uint8Array), { __type: "AccessDeniedException", message: "No." });
    const old = await cborError(new CloudError("ThingFault", "Broken.", 500), { ThingFault: "Thing" });
    assert.deepEqual([old.status, old.headers?.["x-amzn-query-error"]], [500, "Thing;Receiver"]);
  });
});
