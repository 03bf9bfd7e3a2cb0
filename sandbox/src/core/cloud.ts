import type { AddressBook } from "../plane/address-book.ts";
import type { CertificateAuthority } from "../plane/certificate-authority.ts";
import type { Ports } from "../plane/ports.ts";
import type { Supervisor } from "../plane/supervisor.ts";
import type { World } from "./world.ts";

/** What a CloudWatch data point may say besides its value. */
export interface PointOptions {
  /** CloudWatch's word. @default "None" */
  readonly unit?: string;
  /** How many data points of that value there are. @default 1 */
  readonly count?: number;
  /** Milliseconds since the epoch. @default now */
  readonly at?: number;
  /** @default - seen from every region */
  readonly region?: string;
}

/** What every service of the sandbox may use. One per daemon. */
export interface Cloud {
  /** The account id in every ARN: 12 digits. */
  readonly account: string;
  /** The folder that holds everything of this sandbox: world, logs, data of the processes. */
  readonly home: string;
  /** The repository whose `apps/<name>` folders stand in for the image registry. */
  readonly project: string;
  readonly world: World;
  readonly ports: Ports;
  readonly processes: Supervisor;
  readonly addresses: AddressBook;
  readonly trust: CertificateAuthority;
  /** The AWS API endpoint, `http://127.0.0.1:PORT`. */
  readonly apiUrl: () => string;
  /** Credentials URL and bearer token by which a workload of this role (ARN) obtains its credentials; see the API endpoint. */
  readonly workloadCredentials: (roleArn: string) => { readonly url: string; readonly token: string };
  /** Where a workload's log lines go: CloudWatch Logs. */
  readonly putLog: (group: string, stream: string, line: string) => void;
  /** Publishes one CloudWatch data point, or several of one value. */
  readonly putMetric: (
    namespace: string,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    options?: PointOptions,
  ) => void;
  /** Milliseconds since the epoch; tests hand in their own clock. */
  readonly now: () => number;
  /** The longest time for which clients remember what a name answers, in seconds (`cache-max-ttl` of a resolver). @default - as long as the record says */
  readonly maxTtlSeconds?: number;
  /** Tells people what happened, in the console and `sandbox logs`. */
  readonly note: (message: string) => void;
}
