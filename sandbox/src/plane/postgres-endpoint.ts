import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A connection through an endpoint. */
interface Link {
  readonly client: Socket;
  readonly server: Socket;
  readonly port: number;
}

/**
 * A host name of a cluster's on this machine: a port that stays, behind which connections are led to whichever server has the role now. On AWS it is a name in
 * DNS that does; what was connected to a server is cut off when that server dies there as well. Bytes go through as they are: TLS and all else is the server's.
 */
export class PostgresEndpoint {
  private readonly targets: () => readonly number[];
  private readonly links = new Set<Link>();
  private listener: Server | undefined;
  private turn = 0;

  /** `targets` are the ports that a new connection may be led to; they take turns. With none it is refused. */
  constructor(targets: () => readonly number[]) {
    this.targets = targets;
  }

  /** Listens on a port of 127.0.0.1. Idempotent. */
  async listen(port: number): Promise<void> {
    if (this.listener !== undefined) return;
    const listener = createServer({ noDelay: true }, (client) => {
      this.accept(client);
    });
    listener.listen(port, "127.0.0.1").unref();
    await once(listener, "listening");
    this.listener = listener;
  }

  /** Cuts off what is connected to the server on that port. */
  cut(port: number): void {
    for (const link of this.links) if (link.port === port) end(link);
  }

  /** Stops listening and cuts off everybody. */
  async close(): Promise<void> {
    const listener = this.listener;
    if (listener === undefined) return;
    this.listener = undefined;
    const closed = once(listener, "close");
    listener.close();
    for (const link of this.links) end(link);
    await closed;
  }

  private accept(client: Socket): void {
    const ports = this.targets();
    const port = ports[this.turn++ % ports.length];
    if (port === undefined) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port, host: "127.0.0.1", noDelay: true });
    const link = { client, server, port };
    this.links.add(link);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      // An error is followed by the close.
      socket.on("error", () => undefined);
      socket.once("close", () => {
        this.links.delete(link);
        // What the one said last still reaches the other.
        other.destroySoon();
      });
    }
    client.pipe(server);
    server.pipe(client);
  }
}

function end({ client, server }: Link): void {
  client.destroy();
  server.destroy();
}
