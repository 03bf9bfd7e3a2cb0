import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { answerS3 } from "../../../../sandbox/src/services/s3/api.ts";
import { writeBlob } from "../../../../sandbox/src/services/s3/blobs.ts";
import { receiveBody } from "../../../../sandbox/src/services/s3/body.ts";
import type { S3Call } from "../../../../sandbox/src/services/s3/call.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { storeObject, sweepObjects } from "../../../../sandbox/src/services/s3/objects.ts";
import { apiCloud } from "../../support/api.ts";
import { testCloud } from "../../support/cloud.ts";
import { BUCKET, denied, filesIn, S3Fixture, services } from "./support.ts";

describe("objects of S3 on disk", () => {
  const object = { Bucket: BUCKET, Key: "a" };
  let s3: S3Fixture;
  beforeEach(async () => {
    s3 = await S3Fixture.start();
    await s3.bucket();
    await s3.put("a", "before", { Metadata: { of: "before" } });
  });
  afterEach(() => s3.end());

  async function reopen(): Promise<void> {
    await s3.close();
    s3 = await S3Fixture.start(s3.api.cloud.home);
  }

  /** Sends a command to a daemon that is killed at that moment of its change, and opens what it leaves behind. */
  async function killed(moment: "within" | "after", send: (client: S3Client) => Promise<unknown>): Promise<void> {
    await s3.close();
    const { home } = s3.api.cloud;
    const script = join(import.meta.dirname, "doomed.ts");
    const child = spawn(process.execPath, ["--no-warnings", script, home, moment], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const [url] = (await once(child.stdout, "data")) as [Buffer];
    const client = new S3Client({ ...s3.api.operator, endpoint: url.toString().trim() });
    await assert.rejects(send(client));
    client.destroy();
    assert.deepEqual(await ended, [null, "SIGKILL"]);
    s3 = await S3Fixture.start(home);
  }

  it("are there again with all that belongs to them when the daemon is started again", async () => {
    await s3.versioning("Enabled");
    const { VersionId } = await s3.put("a", "second", { ContentType: "text/plain" });
    await reopen();
    assert.equal(await s3.get("a"), "second");
    assert.equal(await s3.get("a", { VersionId: "null" }), "before");
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "a" }));
    assert.deepEqual([head.VersionId, head.ContentType, head.Metadata], [VersionId, "text/plain", {}]);
    assert.equal(await sweepObjects(s3.api.cloud), 0);
  });

  it("are for their owner's eyes only", () => {
    const { home } = s3.api.cloud;
    const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
    assert.deepEqual([mode(join(home, "world.db")), mode(join(home, "objects"))], ["600", "700"]);
  });

  for (const [moment, text] of [
    ["within", "before"],
    ["after", "after!"],
  ] as const) {
    it(`are "${text}" after a kill ${moment} the change that writes them over, and what is left of the other is swept`, async () => {
      await killed(moment, (client) => client.send(new PutObjectCommand({ ...object, Body: "after!" })));
      assert.equal(await s3.get("a"), text);
      assert.deepEqual(s3.files(), [6, 6]);
      assert.equal(await sweepObjects(s3.api.cloud), 1);
      assert.deepEqual(s3.files(), [6]);
      assert.equal(await s3.get("a"), text);
    }).timeout(20_000);
  }

  it("stay after a kill within the change that deletes them", async () => {
    await killed("within", (client) => client.send(new DeleteObjectCommand(object)));
    assert.equal(await s3.get("a"), "before");
    assert.deepEqual(s3.files(), [6]);
  }).timeout(20_000);

  for (const [moment, done] of [
    ["within", false],
    ["after", true],
  ] as const) {
    it(`of parts ${done ? "are whole and their upload is over" : "are not there and their upload goes on"} after a kill ${moment} its completion`, async () => {
      const { UploadId = "" } = await s3.client.send(new CreateMultipartUploadCommand(object));
      const { ETag } = await s3.client.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: "parts" }));
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
      const complete = (client: S3Client) =>
        client.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }));
      await killed(moment, complete);
      await sweepObjects(s3.api.cloud);
      assert.equal(await s3.get("a"), done ? "parts" : "before");
      if (done) await denied(s3.client.send(new AbortMultipartUploadCommand({ ...object, UploadId })), "NoSuchUpload", 404);
      else await complete(s3.client);
      assert.equal(await s3.get("a"), "parts");
      assert.deepEqual(s3.files(), [5]);
    }).timeout(20_000);
  }

  it("are not lost when the one that they replace cannot be removed from disk", async () => {
    const folder = join(s3.api.cloud.home, "objects");
    const [old] = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    assert.ok(old);
    const path = join(old.parentPath, old.name);
    rmSync(path);
    mkdirSync(path);
    await denied(s3.put("a", "second"), "InternalFailure", 500);
    assert.match(s3.api.cloud.notes.join(), /The AWS API failed on PUT \/shop-objects\/a/);
    assert.equal(await s3.get("a"), "second");
  });

  it("cannot be put into a bucket that is just going", async () => {
    const bucket = s3.api.cloud.world.get("aws:s3/bucket:Bucket", BUCKET);
    assert.ok(bucket);
    s3.api.cloud.world.put({ ...bucket, phase: "deleting" });
    await denied(s3.put("b", "late"), "NoSuchBucket", 404);
    assert.deepEqual(s3.files(), [6]);
  });

  it("are swept of nothing that is in use: objects, versions, parts of uploads and what is just being written", async () => {
    await s3.versioning("Enabled");
    await s3.put("a", "second");
    const { UploadId } = await s3.client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: "b" }));
    await s3.client.send(new UploadPartCommand({ Bucket: BUCKET, Key: "b", UploadId, PartNumber: 1, Body: "x" }));
    const { home } = s3.api.cloud;
    const writing = writeBlob(
      home,
      (async function* () {
        yield Buffer.from("1");
        assert.equal(await sweepObjects(s3.api.cloud), 0);
        yield Buffer.from("2");
      })(),
    );
    assert.equal((await writing).size, 2);
    mkdirSync(join(home, "objects", "00"), { recursive: true });
    writeFileSync(join(home, "objects", "00", "left-behind"), "x");
    assert.equal(await sweepObjects(s3.api.cloud), 1);
    assert.equal(s3.files().length, 4);
  });
});

describe("a large object of S3", () => {
  const PIECE = Buffer.alloc(64 * 1024, "x");

  /** A body whose every piece is asked for only when the one before is on disk; throws else. */
  function bodyThatCounts(home: string, pieces: readonly Buffer[], payload: (sent: number) => number): S3Call["request"] {
    const iterator = async function* () {
      let sent = 0;
      for (const piece of pieces) {
        yield await Promise.resolve(piece);
        sent += piece.length;
        assert.equal(filesIn(home)[0], payload(sent), "a piece was taken before the one before it was written");
      }
    };
    return { iterator } as unknown as S3Call["request"];
  }

  for (const [encoding, framed] of [
    ["as it is", false],
    ["in aws-chunked encoding", true],
  ] as const) {
    it(`goes to disk piece by piece, ${encoding}: no more than one is ever held`, async () => {
      const cloud = testCloud();
      try {
        const frame = (piece: Buffer) =>
          framed ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]) : piece;
        const pieces = Array.from({ length: 64 }, () => frame(PIECE));
        const last = framed ? [Buffer.from("0\r\n\r\n")] : [];
        const size = 64 * PIECE.length;
        const headers = { "content-length": String(size), "x-amz-decoded-content-length": String(size) };
        const request = bodyThatCounts(
          cloud.home,
          [...pieces, ...last],
          (sent) => Math.floor(sent / (pieces[0]?.length ?? 1)) * PIECE.length,
        );
        const call = {
          cloud,
          head: { headers },
          declared: framed ? "STREAMING-UNSIGNED-PAYLOAD-TRAILER" : "UNSIGNED-PAYLOAD",
          request,
        };
        const { blob } = await receiveBody(call as unknown as S3Call);
        assert.equal(blob.size, size);
      } finally {
        await cloud.end();
      }
    });
  }

  it("is read from disk only as fast as its reader takes it", async () => {
    const SIZE = 64 * 1024 * 1024;
    // What the kernel holds between two sockets of this machine is some megabytes; the rest must still be on disk.
    const HELD = 24 * 1024 * 1024;
    const responses: ServerResponse[] = [];
    const answer: typeof answerS3 = (call) => {
      responses.push(call.response);
      return answerS3(call);
    };
    const s3 = new S3Fixture(await apiCloud({ ...services, rest: { s3: { answer } } }, { definitions: s3Definitions }));
    try {
      await s3.bucket();
      const { cloud } = s3.api;
      const blob = await writeBlob(
        cloud.home,
        (async function* () {
          for (let at = 0; at < SIZE; at += PIECE.length) yield await Promise.resolve(PIECE);
        })(),
      );
      const version = {
        size: SIZE,
        etag: blob.md5,
        blobs: [{ id: blob.id, size: SIZE }],
        headers: {},
        retainUntil: 0,
        governance: false,
      };
      storeObject(cloud, BUCKET, "big", version);
      const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "big" }));
      const [response] = responses;
      assert.ok(response);
      while (!response.writableNeedDrain) await new Promise(setImmediate);
      const held = (response.socket?.bytesWritten ?? SIZE) + response.writableLength;
      assert.ok(held < HELD, `${held} bytes have left the disk and nobody has read one`);
      let read = 0;
      for await (const chunk of Body as AsyncIterable<Uint8Array>) read += chunk.length;
      assert.equal(read, SIZE);
    } finally {
      await s3.end();
    }
  });
});
