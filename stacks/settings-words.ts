import type { SettingKey } from "./settings-schema.ts";

/** What people read about a setting. */
export interface SettingWords {
  /** A sound value, as it is typed behind `pulumi config set KEY`. */
  readonly example: string;
  /** What it decides, and what a change of it does to a stack that is up; Markdown, for docs/configuration.md. */
  readonly description: string;
}

/** The words about every setting, in the order in which people read them. */
export const SETTING_WORDS: Readonly<Record<SettingKey, SettingWords>> = {
  stage: {
    example: "monolith",
    description: "Which size of the platform this stack is; see [stages](stages.md).",
  },
  alongside: {
    example: "scaled",
    description:
      "The neighbouring stage that stands beside this one during a move, while people are served by `platform:stage`. `npm run ladder` sets it and takes it away.",
  },
  name: {
    example: "platform",
    description:
      "The prefix of every name. Two stacks in one account and region need different ones. Never change it: everything would be made anew, the database included.",
  },
  "aws:region": {
    example: "eu-central-1",
    description: "Where the stack stands. Never change it: another region is another stack.",
  },
  "aws:allowedAccountIds": {
    example: `'["123456789012"]'`,
    description: "The account in which the stack stands. With credentials for any other, nothing happens.",
  },
  zones: {
    example: `'["eu-central-1a","eu-central-1b","eu-central-1c"]'`,
    description: "The availability zones. Never change their order: it decides which addresses each gets.",
  },
  cidr: {
    example: "10.0.0.0/16",
    description:
      "The network of this region; the /13 around it is kept for the regions to come. A change is refused as long as `platform:protect` holds, because the database can't leave its network.",
  },
  otherCidrs: {
    example: `'["10.128.0.0/16"]'`,
    description:
      "Networks of the company that must stay reachable, so that the platform does not overlap them. Nothing is made of them.",
  },
  image: {
    example: "ghcr.io/example/shop:0.1.0",
    description: "The product's container image. A change makes a new server; the product is away for a minute or two.",
  },
  amiId: {
    example: "ami-0123456789abcdef0",
    description: "Amazon Linux 2023 in this region, for the processor of the instance type. A change makes a new server.",
  },
  instanceType: {
    example: "t4g.small",
    description: "The server's size. A change makes a new server.",
  },
  diskGib: {
    example: "20",
    description: "The server's disk in GiB, for the system and images only. A change makes a new server.",
  },
  domain: {
    example: "shop.example.com",
    description:
      "The name under which people reach the product; its certificate comes by itself. Without it the product is on plain HTTP, which is for trials only. A change makes a new server.",
  },
  zoneId: {
    example: "Z0123456789ABCDEFGHIJ",
    description: "The Route 53 zone in which the domain lies. It must exist; one record is put into it.",
  },
  serversMin: {
    example: "2",
    description: "From `scaled` on: the least servers of the fleet. Two survive the loss of one. A change takes effect at once.",
  },
  serversMax: {
    example: "6",
    description: "From `scaled` on: the most servers of the fleet: the lid on the bill. A change takes effect at once.",
  },
  workersMin: {
    example: "2",
    description: "From `scaled` on: the least workers. A change takes effect at once.",
  },
  workersMax: {
    example: "6",
    description: "From `scaled` on: the most workers. A change takes effect at once.",
  },
  requestsPerAddress: {
    example: "2000",
    description:
      "From `scaled` on: how many requests one address may make in five minutes before the firewall turns it away. A company behind one address needs more.",
  },
  nat: {
    example: "per-zone",
    description:
      "From `scaled` on: whether each zone has a NAT gateway of its own, or all share one, which is cheaper and takes the way out with it when its zone fails.",
  },
  cacheNodeType: {
    example: "cache.t4g.small",
    description: "From `scaled` on: the size of the cache's two nodes. A change takes effect in place.",
  },
  databaseVersion: {
    example: "17.5",
    description:
      'The version of Aurora PostgreSQL. Quote it in YAML, where 17.10 is the number 17.1. A newer minor version comes with a restart in the next maintenance window; a newer major one is refused by AWS, see ["Newer PostgreSQL"](operations/real-aws.md#newer-postgresql).',
  },
  databaseMinAcu: {
    example: "0.5",
    description:
      "The database's least capacity in ACU, 2 GiB of memory each. With 0 it sleeps when nobody is connected, and the next one waits some 15 s. A change takes effect at once.",
  },
  databaseMaxAcu: {
    example: "8",
    description:
      "Its most capacity in ACU: the lid on the bill. A change takes effect at once; the number of connections follows at the next restart.",
  },
  databaseBackupDays: {
    example: "14",
    description: "Days back to which the database can be restored, to the second.",
  },
  databaseReaders: {
    example: "2",
    description:
      "From `scaled` on: how many readers the database has beside its writer; load adds up to two. A change takes effect in place.",
  },
  logDays: {
    example: "30",
    description: "Days for which logs are kept: the product's, the database's and the network's.",
  },
  alarmEmail: {
    example: "oncall@example.com",
    description: "Who gets the alarms. AWS sends a mail there once, and waits for a click.",
  },
  monthlyBudgetUsd: {
    example: "200",
    description: "What the account may cost a month, in USD. Mail comes at 80 % spent and at 100 % forecast; nothing is stopped.",
  },
  protect: {
    example: "true",
    description: "Whether what holds data refuses to be deleted, by Pulumi and by AWS.",
  },
};
