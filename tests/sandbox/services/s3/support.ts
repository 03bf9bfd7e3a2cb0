import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  type GetObjectCommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Services } from "../../../../sandbox/src/api/endpoint.ts";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { answerS3 } from "../../../../sandbox/src/services/s3/api.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { apiCloud, type ApiCloud, type ClientConfig } from "../../support/api.ts";

/** The bucket that most tests use. */
export const BUCKET = "shop-objects";

export const type = {
  bucket: "aws:s3/bucket:Bucket",
  encryption: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  lock: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  logging: "aws:s3/bucketLogging:BucketLogging",
  ownership: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  policy: "aws:s3/bucketPolicy:BucketPolicy",
  publicAccess: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
} as const;

/** What the sandbox serves S3 with. */
export const services: Services = { json: {}, query: {}, rest: { s3: { answer: answerS3 } } };

/** The sizes of the files that hold the objects of a home, smallest first. */
export function filesIn(home: string): number[] {
  const folder = join(home, "objects");
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  // A file that goes between the two looks is gone.
  const found = paths.map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false }));
  return found.flatMap((file) => (file === undefined ? [] : [file.size])).sort((a, b) => a - b);
}

/** A cloud that serves S3 on loopback, and the operator's client of it. */
export class S3Fixture {
  readonly api: ApiCloud;
  readonly client: S3Client;
  readonly #clients: S3Client[] = [];

  constructor(api: ApiCloud) {
    this.api = api;
    this.client = this.clientOf(api.operator);
  }

  /** Starts one; with the home of another that has been closed, as a daemon does that is started again. */
  static async start(home?: string): Promise<S3Fixture> {
    return new S3Fixture(await apiCloud(services, { definitions: s3Definitions, ...(home === undefined ? {} : { home }) }));
  }

  clientOf(config: ClientConfig): S3Client {
    const client = new S3Client(config);
    this.#clients.push(client);
    return client;
  }

  make(token: string, inputs: Props, name = "main"): Promise<Resource> {
    return this.api.stack.create(token, name, inputs);
  }

  bucket(inputs: Props = {}): Promise<Resource> {
    return this.make(type.bucket, { bucket: BUCKET, ...inputs });
  }

  versioning(status: "Enabled" | "Suspended"): Promise<Resource> {
    return this.make(type.versioning, { bucket: BUCKET, versioningConfiguration: { status } });
  }

  put(
    Key: string,
    Body: string | Uint8Array | Readable,
    more: Partial<PutObjectCommandInput> = {},
  ): Promise<PutObjectCommandOutput> {
    return this.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));
  }

  /** The text of an object. */
  async get(Key: string, more: Partial<GetObjectCommandInput> = {}, client = this.client): Promise<string> {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...more }));
    return (await Body?.transformToString()) ?? "";
  }

  /** The sizes of the files that hold objects, smallest first. */
  files(): number[] {
    return filesIn(this.api.cloud.home);
  }

  /** Closes it, and leaves its home behind. */
  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.api.close();
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.api.end();
  }
}

/** Expects the refusal that an SDK reports: its code, its HTTP status, and words of its message. */
export async function denied(
  work: Promise<unknown>,
  code: string,
  status: number,
  message: string | RegExp = /./,
): Promise<void> {
  await assert.rejects(work, (error: Error & { $metadata?: { httpStatusCode?: number } }) => {
    assert.equal(error.name, code, error.message);
    assert.equal(error.$metadata?.httpStatusCode, status);
    if (typeof message === "string") assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}
