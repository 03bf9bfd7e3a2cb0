import type * as pulumi from "@pulumi/pulumi";

/** Everything a person decides about a stack, checked. Plain values: all are known before anything is created. */
export interface Settings {
  readonly stage: string;
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
  readonly databaseVersion: string;
  readonly databaseMinAcu: number;
  readonly databaseMaxAcu: number;
  readonly databaseBackupDays: number;
  readonly logDays: number;
  readonly alarmEmail: string;
  readonly monthlyBudgetUsd: number;
  /** Whether what holds data refuses to be deleted. */
  readonly protect: boolean;
}

/** What every stage gives to people, tests and the next stage: the stack's outputs. */
export interface StageOutputs {
  readonly stage: string;
  /** Where people reach the product. */
  readonly url: pulumi.Output<string>;
  /** The server's address, for a domain that is kept elsewhere. */
  readonly publicIp: pulumi.Output<string>;
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

/** A whole platform at one size: composes components, reads no config. */
export type Stage = (settings: Settings) => StageOutputs;
