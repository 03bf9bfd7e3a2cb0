import assert from "node:assert/strict";
import { Sha256 } from "@aws-crypto/sha256-js";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Services } from "../../../sandbox/src/api/endpoint.ts";
import { answerS3 } from "../../../sandbox/src/services/s3/api.ts";
import { s3Definitions } from "../../../sandbox/src/services/s3/index.ts";
import { secretsOperations } from "../../../sandbox/src/services/secretsmanager/api.ts";
import { stsApi } from "../../../sandbox/src/services/sts/api.ts";
import { apiCloud, type ApiCloud, type ClientConfig } from "../support/api.ts";
import { type RawAnswer, send, sendSigned } from "../support/signed.ts";

const services: Services = {
  json: { secretsmanager: secretsOperations },
  query: { sts: stsApi },
  rest: { s3: { answer: answerS3 } },
};
const MINUTE = 60 * 1000;
const BUCKET = "shop-objects";

describe("a signature on the AWS API", () => {
  let api: ApiCloud;
  beforeEach(async () => {
    api = await apiCloud(services, { definitions: s3Definitions });
    await api.stack.create("aws:s3/bucket:Bucket", "main", { bucket: BUCKET });
    await new S3Client(api.operator).send(new PutObjectCommand({ Bucket: BUCKET, Key: "a b+c", Body: "text" }));
  });
  afterEach(() => api.end());

  describe("is good for minutes only:", () => {
    const secrets = (config: object) => new SecretsManagerClient({ ...api.operator, ...config }).send(new ListSecretsCommand({}));
    const identity = (config: object) => new STSClient({ ...api.operator, ...config }).send(new GetCallerIdentityCommand({}));
    const objects = (config: object) =>
      new S3Client({ ...api.operator, ...config }).send(new GetObjectCommand({ Bucket: BUCKET, Key: "a b+c" }));
    const off = (minutes: number) => ({ systemClockOffset: minutes * MINUTE });

    it("five to either side for most services", async () => {
      await secrets(off(-4.9));
      await secrets(off(4.9));
      const expired = /^Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)$/;
      const early = /^Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)$/;
      await assert.rejects(secrets(off(-5.1)), { name: "InvalidSignatureException", message: expired });
      await assert.rejects(secrets(off(5.1)), { name: "InvalidSignatureException", message: early });
      await assert.rejects(identity(off(-5.1)), { name: "SignatureDoesNotMatch", message: expired });
      await assert.rejects(identity(off(5.1)), { name: "SignatureDoesNotMatch", message: early });
    });

    it("fifteen for S3", async () => {
      await objects(off(-14.9));
      await objects(off(14.9));
      const message = "The difference between the request time and the current time is too large.";
      for (const minutes of [-15.1, 15.1]) await assert.rejects(objects(off(minutes)), { name: "RequestTimeTooSkewed", message });
    });

    it("and an SDK whose clock is wrong sets it by the answer and comes through", async () => {
      for (const wrong of [-600, 1200]) {
        api.cloud.pass(wrong * MINUTE);
        assert.equal((await secrets({ maxAttempts: 3 })).$metadata.attempts, 2);
        assert.equal((await identity({ maxAttempts: 3 })).$metadata.attempts, 2);
        assert.equal((await objects({ maxAttempts: 3 })).$metadata.attempts, 2);
      }
    });
  });

  describe("in a presigned address", () => {
    interface Address {
      readonly method: string;
      readonly key?: string;
      readonly headers?: Record<string, string>;
      readonly query?: Record<string, string>;
      readonly expiresIn?: number;
      readonly config?: ClientConfig;
    }

    /** Path and query, signed for whoever holds them. */
    async function presigned({
      method,
      key = "a b+c",
      headers = {},
      query = {},
      expiresIn = 60,
      config = api.operator,
    }: Address): Promise<string> {
      const { hostname, port } = new URL(config.endpoint);
      const path = `/${BUCKET}/${encodeURIComponent(key)}`;
      const { credentials, region } = config;
      const signer = new SignatureV4({ service: "s3", region, credentials, sha256: Sha256, uriEscapePath: false });
      const request = {
        method,
        protocol: "http:",
        hostname,
        port: Number(port),
        path,
        query,
        headers: { host: `${hostname}:${port}`, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...headers },
      };
      const signed = await signer.presign(request, { expiresIn });
      const pairs = Object.entries(signed.query ?? {}).map(
        ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
      );
      return `${path}?${pairs.join("&")}`;
    }
    const follow = (
      method: string,
      address: string,
      body: string[] = [],
      headers: Record<string, string> = {},
    ): Promise<RawAnswer> =>
      send(api.operator, { method, body }, address, {
        ...(body.length === 0 ? {} : { "content-length": String(body.join("").length) }),
        ...headers,
      });

    it("lets whoever has it read", async () => {
      const { status, body } = await follow("GET", await presigned({ method: "GET" }));
      assert.deepEqual([status, body], [200, "text"]);
    });

    it("lets whoever has it write, with what the SDKs move from the headers into the address", async () => {
      const headers = { "x-amz-meta-owner": "shop", "x-amz-storage-class": "STANDARD_IA", "content-type": "text/plain" };
      const address = await presigned({ method: "PUT", key: "new", headers });
      assert.match(address, /x-amz-meta-owner=shop/);
      assert.equal((await follow("PUT", address, ["by post"], { "content-type": "text/plain" })).status, 200);
      const head = await new S3Client(api.operator).send(new HeadObjectCommand({ Bucket: BUCKET, Key: "new" }));
      assert.deepEqual([head.Metadata, head.StorageClass, head.ContentType], [{ owner: "shop" }, "STANDARD_IA", "text/plain"]);
    });

    it("holds the writer to a checksum that is in it", async () => {
      const headers = { "x-amz-checksum-sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" };
      const address = await presigned({ method: "PUT", key: "new", headers });
      const { status, code } = await follow("PUT", address, ["not the empty text"]);
      assert.deepEqual([status, code], [400, "BadDigest"]);
    });

    it("works with a role's session token", async () => {
      const config = await api.roleWith("app", { Action: "s3:GetObject", Resource: `arn:aws:s3:::${BUCKET}/*` });
      assert.equal((await follow("GET", await presigned({ method: "GET", config }))).body, "text");
      assert.equal((await follow("GET", await presigned({ method: "GET", key: "none", config }))).code, "AccessDenied");
    });

    it("ends when it says, and not before", async () => {
      const address = await presigned({ method: "GET", expiresIn: 60 });
      api.cloud.pass(55 * 1000);
      assert.equal((await follow("GET", address)).status, 200);
      api.cloud.pass(10 * 1000);
      const late = await follow("GET", address);
      assert.deepEqual([late.status, late.code], [403, "AccessDenied"]);
      assert.match(late.body, /<Message>Request has expired<\/Message>/);
    });

    it("is for one method, one key, and what was signed with it", async () => {
      const address = await presigned({ method: "GET" });
      for (const answer of [
        await follow("DELETE", address),
        await follow("GET", address.replace("a%20b%2Bc", "other")),
        await follow("GET", `${address}&versionId=null`),
        await follow("GET", address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")),
      ]) {
        assert.deepEqual([answer.status, answer.code], [403, "SignatureDoesNotMatch"]);
      }
      const added = await follow("GET", address, [], { "x-amz-meta-extra": "1" });
      assert.deepEqual([added.status, added.code], [403, "AccessDenied"]);
      assert.match(added.body, /There were headers present in the request which were not signed: x-amz-meta-extra/);
    });

    it("lasts a week at most", async () => {
      const address = await presigned({ method: "GET" });
      const answer = await follow("GET", address.replace("X-Amz-Expires=60", "X-Amz-Expires=604801"));
      assert.deepEqual([answer.status, answer.code], [400, "IncompleteSignature"]);
      assert.match(answer.body, /X-Amz-Expires must be between 1 and 604800 seconds/);
    });
  });

  describe("must cover", () => {
    const get = { method: "GET", path: `/${BUCKET}/a%20b%2Bc` };

    it("the path to the letter, as it is sent", async () => {
      assert.equal((await sendSigned(api.operator, get)).body, "text");
    });

    it("the query, whatever the order and the signs in it", async () => {
      const query = { prefix: "a b+c", "list-type": "2", delimiter: "/ü&=" };
      const { status, body } = await sendSigned(api.operator, { method: "GET", path: `/${BUCKET}`, query });
      assert.equal(status, 200);
      assert.match(body, /<Key>a b\+c<\/Key>/);
    });
  });

  describe("is refused where it", () => {
    const ask = (headers: Record<string, string>, path = "/"): Promise<RawAnswer> =>
      send(api.operator, { method: "GET" }, path, headers);
    const credential = (): string => `${api.operator.credentials.accessKeyId}/20260301/eu-central-1/s3/aws4_request`;
    const date = { "x-amz-date": "20260301T120000Z" };
    const good = (): string =>
      `AWS4-HMAC-SHA256 Credential=${credential()}, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;

    for (const [what, headers, status, code] of [
      ["is no signature", () => ({ ...date, authorization: "Bearer token" }), 400, "IncompleteSignature"],
      [
        "is of another algorithm",
        () => ({ ...date, authorization: good().replace("AWS4-HMAC", "AWS4-ECDSA") }),
        400,
        "IncompleteSignature",
      ],
      ["names no date", () => ({ authorization: good() }), 400, "IncompleteSignature"],
      ["names a date that is none", () => ({ "x-amz-date": "yesterday", authorization: good() }), 400, "IncompleteSignature"],
      [
        "names another date than its scope",
        () => ({ "x-amz-date": "20260302T120000Z", authorization: good() }),
        403,
        "SignatureDoesNotMatch",
      ],
      [
        "has a scope of another shape",
        () => ({ ...date, authorization: good().replace("/aws4_request", "") }),
        400,
        "IncompleteSignature",
      ],
    ] as const) {
      it(what, async () => {
        const answer = await ask(headers());
        assert.deepEqual([answer.status, answer.code], [status, code], answer.body);
      });
    }

    it("leaves the host out", async () => {
      const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
      const authorization = good().replaceAll("20260301", now.slice(0, 8)).replace("host;", "");
      const answer = await ask({ "x-amz-date": now, authorization });
      assert.deepEqual([answer.status, answer.code], [400, "IncompleteSignature"]);
      assert.match(answer.body, /&apos;Host&apos;|'Host'/);
    });

    it("comes with a query that cannot be read", async () => {
      const now = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
      const answer = await ask(
        { "x-amz-date": now, authorization: good().replaceAll("20260301", now.slice(0, 8)) },
        "/?a=%E0%A4%A",
      );
      assert.deepEqual([answer.status, answer.code], [400, "MalformedQueryString"]);
      assert.deepEqual(api.cloud.notes, []);
    });
  });
});
