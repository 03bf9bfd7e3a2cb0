import type { Cloud } from "../../core/cloud.ts";
import type { Resource } from "../../core/definition.ts";
import { text } from "../../core/values.ts";
import { PostgresEndpoint } from "../../plane/postgres-endpoint.ts";
import { portKey, portText } from "./types.ts";

/** Who has which role now. */
interface Lead {
  /** The local port of the server that takes writes; undefined while there is none. */
  writer: number | undefined;
  /** Local ports of the readers that answer now. */
  readers: () => readonly number[];
}

/** The host names of a cluster's, as they are served on this machine. */
export class ClusterEndpoints {
  private readonly cloud: Cloud;
  private readonly lead: Lead = { writer: undefined, readers: () => [] };
  private readonly writing = new PostgresEndpoint(() => this.writers());
  /** With no reader it leads to the writer, as Aurora's does. */
  private readonly reading = new PostgresEndpoint(() => {
    const readers = this.lead.readers();
    return readers.length > 0 ? readers : this.writers();
  });

  constructor(cloud: Cloud) {
    this.cloud = cloud;
  }

  /** The local port of the server that takes writes; undefined while there is none. */
  get writer(): number | undefined {
    return this.lead.writer;
  }

  /** Local ports of the readers that answer now. */
  get readers(): readonly number[] {
    return this.lead.readers();
  }

  /** Lets the cluster's names lead to these servers, and opens them. Under the port that a cluster had before nobody answers any more. */
  async open(
    cluster: Resource,
    writer: number,
    readers: () => readonly number[],
    instances: ReadonlyMap<string, number>,
  ): Promise<void> {
    this.write(writer);
    this.lead.readers = readers;
    const [local, localReading] = [
      await this.cloud.ports.of(portKey(cluster)),
      await this.cloud.ports.of(portKey(cluster, "readerEndpoint")),
    ];
    await this.writing.listen(local);
    await this.reading.listen(localReading);
    const names = new Map([
      [text(cluster.outputs, "endpoint"), local],
      [text(cluster.outputs, "readerEndpoint"), localReading],
      ...instances,
    ]);
    const port = portText(cluster);
    for (const [address] of this.cloud.addresses.entries()) {
      const [name = "", known] = address.split(":");
      if (names.has(name) && known !== port) this.cloud.addresses.remove(address);
    }
    for (const [name, localPort] of names) this.cloud.addresses.set(`${name}:${port}`, { host: "127.0.0.1", port: localPort });
  }

  /** From now on this server takes the writes; with undefined none does. */
  write(port: number | undefined): void {
    this.lead.writer = port;
  }

  /** Cuts off what is connected through these names to the server on that port. */
  cut(port: number): void {
    this.writing.cut(port);
    this.reading.cut(port);
  }

  /** Stops answering. */
  async stop(): Promise<void> {
    this.write(undefined);
    await this.writing.close();
    await this.reading.close();
  }

  /** Stops answering and forgets the cluster's names. */
  async close(cluster: Resource): Promise<void> {
    await this.stop();
    for (const name of ["endpoint", "readerEndpoint"])
      this.cloud.addresses.remove(`${text(cluster.outputs, name)}:${portText(cluster)}`);
  }

  private writers(): readonly number[] {
    return this.lead.writer === undefined ? [] : [this.lead.writer];
  }
}
