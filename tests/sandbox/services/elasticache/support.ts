import { createClient } from "@redis/client";
import { readFileSync } from "node:fs";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { cachesOf, closeCaches } from "../../../../sandbox/src/plane/cache/cache-groups.ts";
import { type CacheEngine, cacheEngine } from "../../../../sandbox/src/plane/cache/engine.ts";
import { ec2Definitions } from "../../../../sandbox/src/services/ec2/index.ts";
import { elasticacheDefinitions } from "../../../../sandbox/src/services/elasticache/index.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

export const type = {
  group: "aws:elasticache/replicationGroup:ReplicationGroup",
  parameters: "aws:elasticache/parameterGroup:ParameterGroup",
  subnets: "aws:elasticache/subnetGroup:SubnetGroup",
  user: "aws:elasticache/user:User",
  users: "aws:elasticache/userGroup:UserGroup",
} as const;

export const TOKEN = "a-token-of-the-cache";

/** js-redis-server, whatever is on the PATH. */
export const EMBEDDED: CacheEngine = cacheEngine({});

/** A real engine, where this machine has one. */
export function nativeEngine(): CacheEngine | undefined {
  const engine = cacheEngine();
  return engine.kind === "native" ? engine : undefined;
}

/** What a client of a cache says and hears. */
export interface Client {
  readonly say: (...words: string[]) => Promise<unknown>;
  readonly close: () => void;
}

/** A cloud with caches on a given engine. */
export class CacheFixture {
  readonly cloud: TestCloud;
  readonly stack: Stack;
  private readonly clients: Client[] = [];

  constructor(engine: CacheEngine = EMBEDDED) {
    this.cloud = testCloud();
    cachesOf(this.cloud, engine);
    this.stack = new Stack(this.cloud, [...ec2Definitions, ...elasticacheDefinitions]);
  }

  /** A cache with encryption in transit and a token, unless the inputs say otherwise. */
  group(inputs: Props = {}): Promise<Resource> {
    return this.stack.create(type.group, "cache", this.inputs(inputs));
  }

  inputs(inputs: Props = {}): Props {
    return {
      replicationGroupId: "cache",
      description: "a cache",
      engine: "valkey",
      nodeType: "cache.t4g.micro",
      transitEncryptionEnabled: true,
      authToken: TOKEN,
      ...inputs,
    };
  }

  /** Says one thing over a connection of its own. */
  async once(row: Resource, endpoint: "primary" | "reader", ...words: string[]): Promise<unknown> {
    const client = await this.connect(row, { endpoint });
    try {
      return await client.say(...words);
    } finally {
      client.close();
    }
  }

  /** Awaits what becomes so by itself. */
  async until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds().catch(() => false))) await new Promise((resolve) => setImmediate(resolve));
  }

  /** The local port behind an endpoint. */
  portOf(row: Resource, endpoint: "primary" | "reader" = "primary"): number {
    const name = `${text(row.outputs, `${endpoint}EndpointAddress`)}:${String(Number(row.outputs["port"]))}`;
    return this.cloud.addresses.resolve(name)?.port ?? 0;
  }

  /** Connects as a program in the sandbox does. Rejects where the server does not take it. */
  async connect(
    row: Resource,
    options: {
      readonly endpoint?: "primary" | "reader";
      readonly username?: string;
      readonly password?: string;
      readonly tls?: boolean;
    } = {},
  ): Promise<Client> {
    const { endpoint, password, tls = true, username } = { password: TOKEN, ...options };
    const client = createClient({
      ...(username !== undefined && { username }),
      ...(password !== "" && { password }),
      socket: {
        ...{ host: "127.0.0.1", port: this.portOf(row, endpoint), reconnectStrategy: false as const },
        ...(tls && { tls: true as const, ca: readFileSync(this.cloud.trust.caFile(), "utf8") }),
      },
      disableClientInfo: true,
    });
    client.on("error", () => undefined);
    await client.connect();
    const made: Client = {
      say: (...words) => client.sendCommand(words),
      close: () => {
        if (client.isOpen) client.destroy();
      },
    };
    this.clients.push(made);
    return made;
  }

  async end(): Promise<void> {
    for (const { close } of this.clients) close();
    await closeCaches(this.cloud);
    await this.cloud.end();
  }
}
