import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { CertificateAuthority } from "../../../../sandbox/src/plane/certificate-authority.ts";

/** A server that speaks Redis's protocol, over TLS and with a password, as ElastiCache does. A test may cut it off, hold its answers back, and bring it back. */
export class RedisServer {
  static readonly host = "localhost";
  /** What AUTH must say. */
  readonly password: string;
  /** PEM file of the authority that vouches for it. */
  readonly caFile: string;
  readonly #folder: string;
  readonly #thread: Worker;
  #port = 0;

  private constructor(folder: string, caFile: string, thread: Worker, password: string) {
    this.#folder = folder;
    this.caFile = caFile;
    this.#thread = thread;
    this.password = password;
  }

  /** Starts one; close it when done. */
  static async start(password = "a-password-of-the-cache"): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), "shop-redis-"));
    const authority = new CertificateAuthority(folder);
    const { certFile, keyFile } = await authority.issue([RedisServer.host]);
    const [cert, key] = [readFileSync(certFile, "utf8"), readFileSync(keyFile, "utf8")];
    const thread = new Worker(new URL("./redis-thread.ts", import.meta.url), { workerData: { cert, key, password } });
    const server = new RedisServer(folder, authority.caFile(), thread, password);
    await server.open();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** The authority's certificate. */
  get ca(): string {
    return readFileSync(this.caFile, "utf8");
  }

  /** Takes connections, on the port that it had before. */
  async open(): Promise<void> {
    this.#port = await this.#tell("open");
  }

  /** Ends every connection and takes no more, as a server that was killed. What it holds is kept. */
  async cut(): Promise<void> {
    await this.#tell("cut");
  }

  /** From now on it takes everything and answers nothing. */
  async hold(): Promise<void> {
    await this.#tell("hold");
  }

  /** Sends the answers that it held back, and answers again. */
  async release(): Promise<void> {
    await this.#tell("release");
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #tell(command: string): Promise<number> {
    this.#thread.postMessage(command);
    const [port] = (await once(this.#thread, "message")) as [number];
    return port;
  }
}
