import type * as pulumi from "@pulumi/pulumi";
import type { DnsArgs, MonitoringArgs } from "../components/index.ts";
import type { Foundation } from "./foundation.ts";
import type { StageName } from "./rungs.ts";

/** Everything a person decides about a stack, checked. Plain values: all are known before anything is created. */
export interface Settings {
  readonly stage: StageName;
  /** The stage that stands beside it while the platform moves between the two; people are served by `stage`. */
  readonly alongside?: StageName | undefined;
  /** Prefix of every logical and physical name; never changed once the stack is up. */
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** The three availability zones, in an order that never changes. */
  readonly zones: readonly [string, string, string];
  /** The region's /16. */
  readonly cidr: string;
  readonly image: string;
  readonly amiId: string;
  readonly instanceType: string;
  readonly diskGib: number;
  readonly domain?: string | undefined;
  readonly zoneId?: string | undefined;
  /** Requests that one address may make in five minutes. */
  readonly requestsPerAddress: number;
  readonly serversMin: number;
  readonly serversMax: number;
  readonly workersMin: number;
  readonly workersMax: number;
  /** How private subnets reach the internet. */
  readonly nat: "one" | "per-zone";
  readonly cacheNodeType: string;
  readonly databaseVersion: string;
  readonly databaseMinAcu: number;
  readonly databaseMaxAcu: number;
  readonly databaseBackupDays: number;
  readonly databaseReaders: number;
  readonly logDays: number;
  readonly alarmEmail: string;
  readonly monthlyBudgetUsd: number;
  /** Whether what holds data refuses to be deleted. */
  readonly protect: boolean;
}

/** What a stage builds on the foundation: the part that people meet, which a move makes and takes away. */
export interface Front {
  /** Where people reach the product once its name leads here. */
  readonly url: pulumi.Output<string>;
  /** Where it can be asked before that; it may refuse people there, but it answers. */
  readonly directUrl: pulumi.Output<string>;
  /** What the product's name leads to. */
  readonly target: Pick<DnsArgs, "address" | "alias" | "ipv6">;
  /** What must stand before the name leads here. */
  readonly ready: readonly pulumi.Resource[];
  /** Its part of what is watched. */
  readonly watched: Partial<MonitoringArgs["watched"]>;
  /** What it gives beside these, for the stack's outputs. */
  readonly outputs: Partial<StageOutputs>;
}

/** A whole platform at one size: composes components, reads no config. */
export type Stage = (settings: Settings, foundation: Foundation) => Front;

/** What every stage gives to people, tests and the next stage: the stack's outputs. */
export interface StageOutputs {
  readonly stage: StageName;
  /** Where people reach the product. */
  readonly url: pulumi.Output<string>;
  /** Where the stage that stands alongside can be asked; only during a move. */
  readonly besideUrl?: pulumi.Output<string>;
  /** The server's address, for a domain that is kept elsewhere; only where there is one server. */
  readonly publicIp?: pulumi.Output<string>;
  /** For invalidations; only behind a content delivery network. */
  readonly distributionId?: pulumi.Output<string>;
  /** Where jobs are told of; only where workers stand apart. */
  readonly jobsQueueUrl?: pulumi.Output<string>;
  /** The writer's `host:port`. */
  readonly databaseEndpoint: pulumi.Output<string>;
  readonly databaseName: string;
  /** Secret whose JSON holds the master user's `username` and `password`. */
  readonly databaseSecretArn: pulumi.Output<string>;
  readonly objectsBucket: pulumi.Output<string>;
  readonly logGroup: pulumi.Output<string>;
  readonly dashboardUrl: pulumi.Output<string>;
  readonly alarmTopics: Readonly<Record<"critical" | "warning", pulumi.Output<string>>>;
}
