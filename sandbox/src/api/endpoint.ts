import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud } from "../core/cloud.ts";
import { CloudError } from "../core/definition.ts";
import { callerOf } from "./authorize.ts";
import { credentialsDocument, sameSecret, sessionOf, type Session } from "./credentials.ts";
import { headOf, readBody, send, sha256Hex, unpacked, type Answer } from "./http.ts";
import { answerJson, jsonError, operationOfTarget, type QueryCodes } from "./json-protocol.ts";
import type { Caller, Operations } from "./operation.ts";
import { answerQuery, operationOfForm, queryError, type QueryService } from "./query-protocol.ts";
import { restError, type RestService } from "./rest-protocol.ts";
import { answerCbor, cborError, operationOfPath, speaksCbor, type CborService } from "./rpc-v2-cbor-protocol.ts";
import { readClaim, unpresigned, verifySignature, type Claim, type SignedHead } from "./sigv4.ts";

/** What an endpoint serves: by the name with which a service is signed for, in the protocol that the service speaks. */
export interface Services {
  readonly json: Readonly<Record<string, Operations>>;
  readonly query: Readonly<Record<string, QueryService>>;
  readonly rest: Readonly<Record<string, RestService>>;
  /** A service may speak this beside JSON. @default - none does */
  readonly cbor?: Readonly<Record<string, CborService>>;
  /** The old error codes of services that once spoke the query protocol. @default - none did */
  readonly queryCodes?: Readonly<Record<string, QueryCodes>>;
}

/** A running endpoint. */
export interface Api {
  /** `http://127.0.0.1:PORT`, for AWS_ENDPOINT_URL. */
  readonly url: string;
  /** Stops listening and ends open connections. */
  readonly close: () => Promise<void>;
}

/** Ways to change what the endpoint does. */
export interface ApiOptions {
  /**
   * Asked before each signed call, with the service as signatures name it and the operation (the method, for S3); what it throws is the answer.
   * For faults on request: throttling, latency. The signal says that the client has gone. @default - none
   */
  readonly before?: (service: string, operation: string, signal: AbortSignal) => void | Promise<void>;
}

/** Services that speak REST with XML (Smithy `aws.protocols#restXml`); those of S3 do not wrap their errors up (`noErrorWrapping`). */
const PLAIN_XML = ["s3", "s3express"];
const WRAPPED_XML = ["cloudfront", "route53"];

interface Exchange {
  readonly cloud: Cloud;
  readonly services: Services;
  readonly options: ApiOptions;
  readonly head: SignedHead;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly gone: AbortSignal;
}

/**
 * Serves the AWS API on 127.0.0.1: every call must be signed with a key that the sandbox issued, and IAM must allow it.
 * Rejects if the port (0 for any) cannot be had.
 */
export async function serveApi(cloud: Cloud, port: number, services: Services, options: ApiOptions = {}): Promise<Api> {
  const server = createServer((request, response) => {
    const gone = new AbortController();
    response.once("close", () => {
      gone.abort();
    });
    const exchange = { cloud, services, options, head: headOf(request), request, response, requestId: randomUUID() };
    void handle({ ...exchange, gone: gone.signal });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function handle(exchange: Exchange): Promise<void> {
  const { cloud, gone, head, request, requestId, response } = exchange;
  // By this header the SDKs learn that their clock is wrong, and by how much.
  response.setHeader("date", new Date(cloud.now()).toUTCString());
  try {
    if (head.path.startsWith("/credentials/")) send(response, credentials(cloud, head), requestId);
    else await signedCall(exchange);
  } catch (error) {
    if (gone.aborted) return;
    const known = error instanceof CloudError ? error : unexpected(cloud, head, error, requestId);
    // An answer that has begun cannot become another one; the client sees the connection end.
    if (response.headersSent) response.destroy();
    else send(response, await errorAnswer(exchange, known), requestId);
  } finally {
    request.resume();
  }
}

function credentials(cloud: Cloud, head: SignedHead): Answer {
  const headers = { "content-type": "application/json" };
  try {
    const role = roleIn(head.path);
    return { status: 200, headers, body: JSON.stringify(credentialsDocument(cloud, role, head.headers["authorization"])) };
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return { status: error.status, headers, body: JSON.stringify({ code: error.code, message: error.message }) };
  }
}

/** The role that a credentials path names; one that cannot be read names none. */
function roleIn(path: string): string {
  try {
    return decodeURIComponent(path.slice("/credentials/".length));
  } catch {
    return "";
  }
}

async function signedCall(exchange: Exchange): Promise<void> {
  const { cloud, head, request, requestId, response, services } = exchange;
  const claim = readClaim(head);
  const session = sessionFor(cloud, claim);
  const rest = named(services.rest, claim.service);
  if (rest !== undefined) {
    const declared = claim.presigned ? "UNSIGNED-PAYLOAD" : (head.headers["x-amz-content-sha256"] ?? "");
    verifySignature(head, claim, session.secret, declared, cloud.now());
    await exchange.options.before?.(claim.service, head.method, exchange.gone);
    const caller = callerOf(cloud, session);
    const meant = unpresigned(head, claim);
    await rest.answer({ cloud, head: meant, request, response, requestId, region: claim.region, caller, declared });
    return;
  }
  const body = await readBody(request);
  verifySignature(head, claim, session.secret, sha256Hex(body), cloud.now());
  send(response, await dispatch(exchange, claim, unpacked(body, head.headers), callerOf(cloud, session)), requestId);
}

async function dispatch(exchange: Exchange, claim: Claim, body: Buffer, caller: Caller): Promise<Answer> {
  const { cloud, gone, head, options, requestId, services } = exchange;
  const call = { cloud, region: claim.region, caller, gone };
  const cbor = speaksCbor(head.headers) ? named(services.cbor ?? {}, claim.service) : undefined;
  if (cbor !== undefined) {
    await options.before?.(claim.service, operationOfPath(head.path), gone);
    return answerCbor(cbor, head.path, body, call);
  }
  const operations = named(services.json, claim.service);
  if (operations !== undefined) {
    await options.before?.(claim.service, operationOfTarget(head.headers), gone);
    return answerJson(operations, head.headers, body, call);
  }
  const query = named(services.query, claim.service);
  if (query !== undefined) {
    await options.before?.(claim.service, operationOfForm(body), gone);
    return answerQuery(query, body, call, requestId);
  }
  const served = [services.json, services.query, services.rest].flatMap((protocol) => Object.keys(protocol)).sort();
  const message = `The sandbox's API does not serve the service "${claim.service}". It serves: ${served.join(", ")}.`;
  throw new CloudError("UnknownService", message, 501);
}

function named<T>(services: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(services, name) ? services[name] : undefined;
}

/** The session of the key, if its token fits and its time is not over. */
function sessionFor(cloud: Cloud, claim: Claim): Session {
  const s3 = claim.service === "s3";
  const session = sessionOf(cloud, claim.accessKeyId);
  if (session === undefined) {
    if (s3) {
      throw new CloudError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403);
    }
    throw new CloudError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
  }
  if (!sameSecret(session.token, claim.token)) {
    if (s3) throw new CloudError("InvalidToken", "The provided token is malformed or otherwise invalid.");
    throw new CloudError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
  }
  if (session.expires !== 0 && session.expires <= cloud.now()) {
    if (s3) throw new CloudError("ExpiredToken", "The provided token has expired.");
    throw new CloudError("ExpiredToken", "The security token included in the request is expired", 403);
  }
  return session;
}

async function errorAnswer({ head, requestId, services }: Exchange, error: CloudError): Promise<Answer> {
  const old = head.headers["x-amzn-query-mode"] === "true" ? named(services.queryCodes ?? {}, serviceIn(head)) : undefined;
  if (speaksCbor(head.headers)) return cborError(error, old);
  if (head.headers["x-amz-target"] !== undefined) return jsonError(error, old);
  const type = head.headers["content-type"] ?? "";
  if (type.startsWith("application/x-www-form-urlencoded")) return queryError(error, requestId);
  const service = serviceIn(head);
  if (WRAPPED_XML.includes(service)) return queryError(error, requestId);
  // A service that is not served, in the protocol of most: REST with JSON.
  return service === "" || PLAIN_XML.includes(service) ? restError(error, head, requestId) : jsonError(error);
}

/** The service a request says it is signed for, whether that holds or not. */
function serviceIn(head: SignedHead): string {
  return /Credential=[^/]*\/[^/]*\/[^/]*\/([^/]+)\//.exec(head.headers["authorization"] ?? "")?.[1] ?? "";
}

/** A fault of the sandbox itself: told to people, but not with what the request held. */
function unexpected(cloud: Cloud, head: SignedHead, error: unknown, requestId: string): CloudError {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  cloud.note(`The AWS API failed on ${head.method} ${head.path} (request ${requestId}): ${detail}`);
  return new CloudError(
    "InternalFailure",
    "The request processing has failed because of an unknown error, exception or failure.",
    500,
  );
}
