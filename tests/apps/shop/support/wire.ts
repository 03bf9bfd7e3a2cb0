import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to the database that a test may cut. */
export class Wire {
  /** Called with every message of the server before it is passed on; false keeps it back and cuts the connection. */
  passes: (fromServer: Buffer) => boolean = () => true;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #target: URL;

  constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((client) => this.#join(client));
  }

  /** Opens it and gives the address of the database through it. */
  async open(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const url = new URL(this.#target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(client: Socket): void {
    const server = connect(Number(this.#target.port), "127.0.0.1");
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => this.#sockets.delete(socket));
    }
    client.on("data", (data) => server.write(data)).on("close", () => server.destroy());
    server
      .on("close", () => client.destroy())
      .on("data", (data) => {
        if (this.passes(data)) client.write(data);
        else client.destroy();
      });
  }
}
