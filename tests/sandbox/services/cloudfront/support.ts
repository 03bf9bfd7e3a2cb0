import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { acmDefinitions } from "../../../../sandbox/src/services/acm/index.ts";
import { closeEdges } from "../../../../sandbox/src/services/cloudfront/edges.ts";
import { cloudfrontDefinitions } from "../../../../sandbox/src/services/cloudfront/index.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { route53Definitions } from "../../../../sandbox/src/services/route53/index.ts";
import { s3Definitions } from "../../../../sandbox/src/services/s3/index.ts";
import { wafv2Definitions } from "../../../../sandbox/src/services/wafv2/index.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  cachePolicy: "aws:cloudfront/cachePolicy:CachePolicy",
  control: "aws:cloudfront/originAccessControl:OriginAccessControl",
  distribution: "aws:cloudfront/distribution:Distribution",
  headersPolicy: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
  requestPolicy: "aws:cloudfront/originRequestPolicy:OriginRequestPolicy",
} as const;

/** AWS's own policies. */
export const OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";
export const DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
export const ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3";

/** What came back to a client. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** `Hit`, `Miss` and so on. */
  readonly cache: string;
}

/** How a client asks. */
export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly port?: 80 | 443;
}

/** A server behind a distribution: what it is asked is kept, and a test says what it answers. */
export class TestOrigin {
  readonly asked: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }[] = [];
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end("hello");
  private readonly server: Server;

  constructor() {
    this.server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const { headers, method = "", url = "" } = incoming;
        this.asked.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
        this.answer(incoming, response);
      });
    });
  }

  /** Listens, on the port that it had before if there was one. */
  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(port, "127.0.0.1", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** Answers with these headers and body from now on. */
  says(body: string, headers: Readonly<Record<string, string>> = {}, status = 200): void {
    this.answer = (_request, response) => response.writeHead(status, headers).end(body);
  }
}

/** A cloud with CloudFront, whose clock a test moves, and an origin `origin.example.com`. */
export class CdnFixture {
  readonly cloud: TestCloud;
  readonly stack: Stack;
  readonly origin = new TestOrigin();
  originPort = 0;

  private constructor(cloud: TestCloud) {
    this.cloud = cloud;
    this.stack = new Stack(cloud, [
      ...cloudfrontDefinitions,
      ...s3Definitions,
      ...acmDefinitions,
      ...cloudwatchDefinitions,
      ...route53Definitions,
      ...wafv2Definitions,
    ]);
  }

  static async start(): Promise<CdnFixture> {
    const cdn = new CdnFixture(testCloud());
    cdn.originPort = await cdn.origin.open();
    cdn.cloud.addresses.set("origin.example.com:80", { host: "127.0.0.1", port: cdn.originPort });
    return cdn;
  }

  /** A distribution in front of the origin, with what the inputs say otherwise. */
  distribution(inputs: Props = {}, behavior: Props = {}): Promise<Resource> {
    return this.stack.create(type.distribution, "cdn", distributionInputs(inputs, behavior));
  }

  /** As {@link ask}. */
  get(row: Resource, path: string, options: AskOptions = {}): Promise<Got> {
    return ask(this.cloud, row, path, options);
  }

  /** As {@link cachesOf}. */
  caches(row: Resource, ...paths: string[]): Promise<string[]> {
    return cachesOf(this.cloud, row, ...paths);
  }

  async end(): Promise<void> {
    await closeEdges(this.cloud);
    await this.origin.close();
    await this.cloud.end();
  }
}

/** The inputs of a distribution with one origin and one behaviour. */
export function distributionInputs(inputs: Props = {}, behavior: Props = {}): Props {
  return {
    enabled: true,
    origins: [customOrigin()],
    defaultCacheBehavior: behaviorInputs(behavior),
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
    ...inputs,
  };
}

/** A behaviour that keeps what the origin lets it keep. */
export function behaviorInputs(inputs: Props = {}): Props {
  return {
    targetOriginId: "app",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: OPTIMIZED,
    ...inputs,
  };
}

/** The origin `origin.example.com`. */
export function customOrigin(inputs: Props = {}): Props {
  const customOriginConfig = { httpPort: 80, httpsPort: 443, originProtocolPolicy: "http-only", originSslProtocols: ["TLSv1.2"] };
  return { originId: "app", domainName: "origin.example.com", customOriginConfig, ...inputs };
}

/** What a cache policy says of the key: nothing, unless the inputs say otherwise. */
export function cachePolicyInputs(inputs: Props = {}, parameters: Props = {}): Props {
  return {
    name: "policy",
    minTtl: 0,
    defaultTtl: 60,
    maxTtl: 3600,
    parametersInCacheKeyAndForwardedToOrigin: {
      cookiesConfig: { cookieBehavior: "none" },
      headersConfig: { headerBehavior: "none" },
      queryStringsConfig: { queryStringBehavior: "none" },
      ...parameters,
    },
    ...inputs,
  };
}

/** Asks as a client that resolves the distribution's name. */
export function ask(
  cloud: TestCloud,
  row: Resource,
  path: string,
  { body, headers = {}, method = "GET", port = 443 }: AskOptions = {},
): Promise<Got> {
  const domain = text(row.outputs, "domainName");
  const local = cloud.addresses.resolve(`${domain}:${String(port)}`);
  if (local === undefined) return Promise.reject(new Error(`nothing answers at ${domain}:${String(port)}`));
  return new Promise((resolve, reject) => {
    const asking = request({ ...local, method, path, agent: false, headers: { host: domain, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const cache = String(response.headers["x-cache"]).replace(" from cloudfront", "");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks), cache });
      });
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

/** The words of `X-Cache` for requests one after another. */
export async function cachesOf(cloud: TestCloud, row: Resource, ...paths: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) found.push((await ask(cloud, row, path)).cache);
  return found;
}
