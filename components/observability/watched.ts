import type * as pulumi from "@pulumi/pulumi";

/** A group of servers, as far as it is watched. */
export interface WatchedGroup {
  /** By which Auto Scaling and CloudWatch know it. */
  readonly groupName: pulumi.Input<string>;
  readonly instanceType: string;
  /** The most servers that it may have. */
  readonly maxServers: number;
}

/** What is watched: names and ids by which CloudWatch knows the platform's parts. What a stage has not got, it leaves out. */
export interface Watched {
  /** Namespace of the metrics counted from the product's log lines. */
  readonly namespace: string;
  readonly database: { readonly clusterIdentifier: pulumi.Input<string>; readonly minAcu: number; readonly maxAcu: number };
  readonly backupVaultName: pulumi.Input<string>;
  /** The one server of a platform without a fleet. */
  readonly server?: { readonly instanceId: pulumi.Input<string>; readonly instanceType: string };
  /** A load balancer, and its groups of targets by name; both by the last part of their ARN. */
  readonly balancer?: {
    readonly arnSuffix: pulumi.Input<string>;
    readonly targets: Readonly<Record<string, pulumi.Input<string>>>;
  };
  /** Groups of servers, by the role in the names of their alarms, such as `web`. */
  readonly groups?: Readonly<Record<string, WatchedGroup>>;
  /** Whether the database has readers. */
  readonly readers?: boolean;
  /** A connection pooler before the database. */
  readonly pooler?: { readonly proxyName: pulumi.Input<string> };
  /** The nodes of a cache. */
  readonly cache?: { readonly nodeIds: readonly string[] };
  /** A queue of jobs and that of the failed ones, and what is too much for it. */
  readonly jobs?: {
    readonly queueName: pulumi.Input<string>;
    readonly failedName: pulumi.Input<string>;
    /** Seconds that a job may wait. @default 300 */
    readonly longestWaitSeconds?: number;
    /** Jobs that may wait. @default 10000 */
    readonly mostWaiting?: number;
  };
}
