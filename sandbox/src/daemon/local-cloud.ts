import { join } from "node:path";
import { workloadCredentials } from "../api/credentials.ts";
import { Account } from "../core/account.ts";
import type { Cloud } from "../core/cloud.ts";
import { World } from "../core/world.ts";
import { AddressBook } from "../plane/address-book.ts";
import { CertificateAuthority } from "../plane/certificate-authority.ts";
import { Ports } from "../plane/ports.ts";
import { Supervisor } from "../plane/supervisor.ts";
import { putLog } from "../services/cloudwatch/logs.ts";
import { putMetric } from "../services/cloudwatch/metrics.ts";

/** The cloud of a daemon: everything that services use, on this machine. */
export interface LocalCloud extends Cloud {
  readonly accounts: Account;
  /** Says where the AWS API endpoint listens, once it does. */
  readonly setApiUrl: (url: string) => void;
}

/** What a cloud on this machine is made from. */
export interface LocalCloudOptions {
  readonly home: string;
  /** The checkout whose `apps/` folders are the images. */
  readonly project: string;
  readonly note: (message: string) => void;
  /** See {@link Cloud.maxTtlSeconds}. @default - as long as records say */
  readonly maxTtlSeconds?: number;
}

/**
 * Opens the world under `home` and puts the machine's parts around it. Nothing listens and nothing runs yet. Throws as {@link World} does.
 */
export function openCloud({ home, project, note, maxTtlSeconds }: LocalCloudOptions): LocalCloud {
  const world = new World(join(home, "world.db"));
  const accounts = new Account(world);
  let apiUrl = "";
  const cloud: LocalCloud = {
    accounts,
    get account() {
      return accounts.id;
    },
    home,
    project,
    world,
    ports: new Ports(world),
    processes: new Supervisor({ home, note }),
    addresses: new AddressBook(world),
    trust: new CertificateAuthority(home),
    apiUrl: () => apiUrl,
    setApiUrl: (url) => {
      apiUrl = url;
    },
    workloadCredentials: (roleArn) => workloadCredentials(cloud, roleArn),
    putLog: (group, stream, line) => {
      putLog(cloud, group, stream, line);
    },
    putMetric: (namespace, name, dimensions, value, options) => {
      putMetric(cloud, namespace, name, dimensions, value, options);
    },
    now: Date.now,
    ...(maxTtlSeconds !== undefined && { maxTtlSeconds }),
    note,
  };
  return cloud;
}
