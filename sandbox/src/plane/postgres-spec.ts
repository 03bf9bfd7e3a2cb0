import type { Cloud } from "../core/cloud.ts";

/** What a database server is to be. */
export interface PostgresSpec {
  /** Names the cluster: the folder of its data, its archived log and its backups. */
  readonly id: string;
  /** Names the server among those of its cluster. @default - the cluster has this one only, and no folder for servers */
  readonly server?: string;
  readonly port: number;
  /** Host names on its certificate. */
  readonly names: readonly string[];
  /** Values of the parameter groups. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly masterUsername: string;
  /** @default - the one that the role in the restored data has */
  readonly masterPassword?: string;
  readonly databaseName?: string;
  /** Where its first data come from. @default - an empty database */
  readonly origin?: Origin;
  /** Days back to which it can be restored. @default - to its first start */
  readonly backupDays?: number;
  readonly onLine?: (line: string) => void;
  /** Asked when the server has died: whether another one takes its place, so that it must not be started again by itself. @default - no */
  readonly isReplaced?: () => boolean;
}

/** Data to begin with: a snapshot, or another cluster as it was at a moment (or, without one, as it is now). */
export type Origin = { readonly snapshot: string } | OriginCluster;

/** A cluster whose past is restored. */
export interface OriginCluster {
  readonly source: string;
  /** The server that writes there. @default - the only one */
  readonly server?: string;
  readonly until?: Date;
}

/** What a running server makes of its parameters. */
export interface PostgresOutcome {
  /** Parameters without effect on this machine. */
  readonly unapplied: readonly string[];
  /** Parameters whose new value waits for the next start. */
  readonly pendingReboot: readonly string[];
}

/** What the servers need of the cloud. */
export type PostgresSurroundings = Pick<Cloud, "home" | "processes" | "trust" | "now">;

/** The name under which a server is supervised. */
export function processName({ id, server = id }: { readonly id: string; readonly server?: string | undefined }): string {
  return `postgres-${server}`;
}
