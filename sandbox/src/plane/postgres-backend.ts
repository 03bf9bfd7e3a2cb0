import type { Duplex } from "node:stream";
import pg from "pg";

/** The connection of a node-postgres client, as far as it is used once the client has logged in (pg/lib/connection.js). */
interface Connection {
  readonly stream: Duplex;
  on(event: "parameterStatus", listener: (status: { parameterName: string; parameterValue: string }) => void): void;
}

/** What a connection to a database is opened with. */
export interface BackendOptions {
  readonly config: pg.ClientConfig;
  /** Configuration parameters that its session has from the start. */
  readonly settings: ReadonlyMap<string, string>;
  /** SQL to run first. @default - none */
  readonly initQuery?: string;
}

/** A connection to a database that has logged in, and whose bytes are somebody else's from then on. */
export class PostgresBackend {
  /** The local port of the server. */
  readonly port: number;
  /** What the server told of itself, such as `server_version`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Names of the prepared statements that it has. */
  readonly statements = new Set<string>();
  readonly stream: Duplex;
  private ended = false;

  private constructor(port: number, parameters: ReadonlyMap<string, string>, stream: Duplex) {
    this.port = port;
    this.parameters = parameters;
    this.stream = stream;
    stream.on("error", () => undefined); // Followed by the close.
    stream.once("close", () => {
      this.ended = true;
    });
  }

  /** Connects and logs in; rejects with the server's own words. */
  static async open({ config, settings, initQuery }: BackendOptions): Promise<PostgresBackend> {
    const client = new pg.Client(config);
    client.on("error", () => undefined); // Told by the stream's close.
    const connection = (client as unknown as { readonly connection: Connection }).connection;
    const parameters = new Map<string, string>();
    connection.on("parameterStatus", ({ parameterName, parameterValue }) => parameters.set(parameterName, parameterValue));
    try {
      await client.connect();
      for (const [name, value] of settings) await client.query("SELECT set_config($1, $2, false)", [name, value]);
      if (initQuery !== undefined) await client.query(initQuery);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    // Logging in is node-postgres' part; what is said from here on is between the client and the server.
    connection.stream.removeAllListeners("data");
    return new PostgresBackend(Number(config.port), parameters, connection.stream);
  }

  /** Whether the server has closed it. */
  get isClosed(): boolean {
    return this.ended;
  }

  /** Says goodbye, and closes it. */
  close(): void {
    this.ended = true;
    this.stream.end(Buffer.from([0x58, 0, 0, 0, 4]), () => this.stream.destroy());
  }
}
