import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { IssuedCertificate } from "./certificate-authority.ts";

/** How a web server treats connections. */
export interface WebServerOptions {
  /** How long a connection may say nothing between two requests, in milliseconds. */
  readonly keepAliveMs: number;
  /** Bytes of a request's headers. @default - what Node.js allows */
  readonly maxHeaderSize?: number;
}

/** With this byte a client begins to speak TLS (RFC 8446, section 5.1: a record of type handshake). */
const HANDSHAKE = 0x16;

/**
 * A web server on a port of 127.0.0.1 that, once it has a certificate, speaks TLS to who begins with that, on the same port on which it speaks plain HTTP to
 * everybody else: people and programs of this machine need no certificate to come in, and who wants to see the right one can.
 */
export class WebServer {
  private readonly listener: RequestListener;
  private readonly options: WebServerOptions;
  private readonly plain: HttpServer;
  private readonly door: Server;
  private readonly sockets = new Set<Socket>();
  private secured: { readonly files: string; readonly server: HttpsServer } | undefined;
  private keepAlive: number;

  constructor(listener: RequestListener, options: WebServerOptions) {
    this.listener = listener;
    this.options = options;
    this.keepAlive = options.keepAliveMs;
    this.plain = createHttpServer(this.serverOptions(), listener);
    this.door = createServer((socket) => {
      this.greet(socket);
    });
  }

  /** Listens on that port. Rejects if somebody else has it. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.door.once("error", reject);
      this.door.listen(port, "127.0.0.1", resolve);
    });
  }

  /** Takes another time for which a connection may say nothing between two requests. */
  set keepAliveMs(keepAliveMs: number) {
    this.keepAlive = keepAliveMs;
    this.plain.keepAliveTimeout = keepAliveMs;
    if (this.secured !== undefined) this.secured.server.keepAliveTimeout = keepAliveMs;
  }

  /** Speaks TLS with this certificate from now on; without one it speaks no TLS. Connections that stand go on as they began. */
  secure(certificate: IssuedCertificate | undefined): void {
    if (certificate?.certFile === this.secured?.files) return;
    if (certificate === undefined) {
      this.secured = undefined;
      return;
    }
    const [cert, key] = [readFileSync(certificate.certFile), readFileSync(certificate.keyFile)];
    const server = createHttpsServer({ ...this.serverOptions(), cert, key }, this.listener);
    // A client that does not trust the certificate ends the handshake: its own affair.
    server.on("tlsClientError", () => undefined);
    this.secured = { files: certificate.certFile, server };
  }

  /** Stops listening and ends every connection. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.door.close(() => {
        resolve();
      });
    });
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serverOptions(): { readonly keepAliveTimeout: number; readonly maxHeaderSize?: number } {
    const { maxHeaderSize } = this.options;
    return { keepAliveTimeout: this.keepAlive, ...(maxHeaderSize !== undefined && { maxHeaderSize }) };
  }

  /** Looks at the first byte, and hands the connection to who speaks that language. */
  private greet(socket: Socket): void {
    this.sockets.add(socket);
    socket.once("close", () => this.sockets.delete(socket));
    const { secured } = this;
    if (secured === undefined) {
      this.plain.emit("connection", socket);
      return;
    }
    const fail = (): void => void socket.destroy();
    socket.once("error", fail);
    socket.setTimeout(this.keepAlive, fail);
    socket.once("readable", () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      socket.off("error", fail);
      socket.setTimeout(0);
      socket.removeListener("timeout", fail);
      socket.unshift(first);
      (first[0] === HANDSHAKE ? secured.server : this.plain).emit("connection", socket);
    });
  }
}
