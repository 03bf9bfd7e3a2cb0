import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** How an endpoint listens and where it leads. */
export interface EndpointOptions {
  /** 127.0.0.1's port. */
  readonly port: number;
  /** PEM; without it the endpoint speaks plainly. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** The ports behind it, the best first; asked for each connection. */
  readonly targets: () => readonly number[];
  /** Told when nothing behind it takes a connection. */
  readonly onUnreachable: () => void;
}

/** What went through an endpoint since it was last asked. */
export interface EndpointTraffic {
  readonly opened: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The address of a cache: ends TLS, and leads to the server that has the role at this moment. */
export class CacheEndpoint {
  private readonly options: EndpointOptions;
  private readonly server: Server;
  private readonly clients = new Set<Socket>();
  /** Also those that have not shaken hands yet. */
  private readonly sockets = new Set<Socket>();
  private traffic = { opened: 0, bytesIn: 0, bytesOut: 0 };

  private constructor(options: EndpointOptions) {
    this.options = options;
    const take = (client: Socket): void => {
      this.take(client);
    };
    this.server =
      options.tls === undefined ? createServer(take) : createTlsServer({ ...options.tls, minVersion: "TLSv1.2" }, take);
    this.server.on("connection", (socket: Socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
    this.server.on("tlsClientError", (_error: Error, client: Socket) => client.destroy());
  }

  /** Rejects if the port cannot be had. */
  static async listen(options: EndpointOptions): Promise<CacheEndpoint> {
    const endpoint = new CacheEndpoint(options);
    await new Promise<void>((resolve, reject) => {
      endpoint.server.once("error", reject);
      endpoint.server.listen(options.port, "127.0.0.1", resolve);
    });
    return endpoint;
  }

  /** Clients that are connected now. */
  get connections(): number {
    return this.clients.size;
  }

  /** What went through since this was last asked. */
  taken(): EndpointTraffic {
    const traffic = this.traffic;
    this.traffic = { opened: 0, bytesIn: 0, bytesOut: 0 };
    return traffic;
  }

  /** Ends all connections: what they talked to has another role now. */
  cut(): void {
    for (const client of this.clients) client.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of [...this.clients, ...this.sockets]) socket.destroy();
    await closed;
  }

  private take(client: Socket): void {
    this.clients.add(client);
    this.traffic.opened++;
    client.setNoDelay(true);
    client.on("error", () => undefined).once("close", () => this.clients.delete(client));
    this.lead(client, this.options.targets());
  }

  /** Connects to the first target that takes the client. */
  private lead(client: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined) {
      client.destroy();
      this.options.onUnreachable();
      return;
    }
    const server = connect({ host: "127.0.0.1", port, noDelay: true });
    const refused = (): void => {
      this.lead(client, others);
    };
    server.once("error", refused);
    client.once("close", () => server.destroy());
    server.once("connect", () => {
      server.off("error", refused).on("error", () => undefined);
      server.once("close", () => client.destroy());
      client.on("data", (data) => (this.traffic.bytesIn += data.length));
      server.on("data", (data) => (this.traffic.bytesOut += data.length));
      client.pipe(server);
      server.pipe(client);
    });
  }
}
