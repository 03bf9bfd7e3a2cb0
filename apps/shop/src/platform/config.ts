import { readFileSync } from "node:fs";
import { type Name, type Setting, type Values, table } from "./settings-table.ts";

/** How the database is reached. */
export type DatabaseAddress =
  | { readonly kind: "url"; readonly url: string }
  | {
      readonly kind: "endpoint";
      readonly host: string;
      readonly port: number;
      readonly name: string;
      readonly secretArn: string;
      /** PEM of the trusted authorities; undefined for the system's. */
      readonly ca: string | undefined;
    };

/** A cache that several processes share. */
export interface SharedCacheAddress {
  readonly host: string;
  readonly port: number;
  readonly secretArn: string;
}

/** How hot reads are kept. */
export interface CacheConfig {
  /** How long a value is fresh; 0 keeps nothing. */
  readonly seconds: number;
  /** Undefined where each process keeps its own. */
  readonly shared: SharedCacheAddress | undefined;
}

/** Where a secret string is: in the environment, or in Secrets Manager. */
export type SecretSource = { readonly value: string } | { readonly arn: string };

/** Who delivers mails. */
export type MailAddress =
  | { readonly kind: "mailbox" }
  | { readonly kind: "ses"; readonly from: string }
  | { readonly kind: "smtp"; readonly url: string; readonly from: string };

/** Everything that the environment decides, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly role: "web" | "worker" | "migrate";
  /** Jobs at a time; 0 for none. */
  readonly jobsAtOnce: number;
  readonly migrations: boolean;
  /** An origin: scheme, host and port. */
  readonly publicUrl: string;
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly trustedProxies: readonly string[];
  readonly drainSeconds: number;
  /** Requests under way at once; more are turned away. */
  readonly mostRequests: number;
  /** What drills are allowed with; undefined where there are none. */
  readonly chaosToken: string | undefined;
  readonly database: DatabaseAddress;
  /** How replicas are reached; undefined where there are none. */
  readonly databaseReader: DatabaseAddress | undefined;
  readonly databasePool: number;
  readonly databaseWaitSeconds: number;
  readonly cache: CacheConfig;
  /** The SQS queue through which jobs are handed out; undefined where processes take them from the table. */
  readonly jobsQueueUrl: string | undefined;
  /** Where spans are sent; undefined where nobody collects them. */
  readonly tracesEndpoint: string | undefined;
  readonly objectsBucket: string | undefined;
  readonly appSecret: SecretSource;
  readonly mail: MailAddress;
  readonly region: string | undefined;
}

/** The environment is wrong. One line a fault: what was given, what is allowed, what to do. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** Reads and checks the whole environment. @throws ConfigError with every fault at once. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const faults: string[] = [];
  const values = Object.fromEntries(
    (Object.keys(table) as Name[]).map((name) => [name, readOne(name, environment[name], faults)]),
  ) as unknown as Values;
  const given = (name: Name): boolean => (environment[name] ?? "") !== "";
  faults.push(...faultsBetween(given, values));
  const ca = values.DATABASE_CA_FILE === undefined ? undefined : readCa(values.DATABASE_CA_FILE, faults);
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    port: present(values.PORT),
    host: present(values.HOST),
    role: present(values.ROLE),
    jobsAtOnce: present(values.JOBS_AT_ONCE),
    migrations: values.MIGRATIONS === "on",
    publicUrl: present(values.PUBLIC_URL),
    logLevel: present(values.LOG_LEVEL),
    trustedProxies: present(values.TRUSTED_PROXIES),
    drainSeconds: present(values.DRAIN_SECONDS),
    mostRequests: present(values.MOST_REQUESTS),
    chaosToken: values.CHAOS_TOKEN,
    database: databaseOf(values, ca),
    databaseReader: readerOf(values, ca),
    databasePool: present(values.DATABASE_POOL),
    databaseWaitSeconds: present(values.DATABASE_WAIT_SECONDS),
    cache: cacheOf(values),
    jobsQueueUrl: values.JOBS_QUEUE_URL,
    tracesEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    objectsBucket: values.OBJECTS_BUCKET,
    appSecret: appSecretOf(values),
    mail: mailOf(values),
    region: values.AWS_REGION,
  };
}

/** The text of `--help`. */
export function configHelp(): string {
  return (Object.entries(table) as [string, Setting<unknown>][])
    .map(([name, { about, allowed, fallback }]) => {
      const otherwise = fallback === undefined ? "unset" : fallback;
      return `  ${name}\n      ${about}\n      Allowed: ${allowed}. Default: ${otherwise}.`;
    })
    .join("\n");
}

function readOne(name: Name, text: string | undefined, faults: string[]): unknown {
  const { schema, fallback, allowed, example, hidden = false } = table[name] as Setting<unknown>;
  // An environment file has no other way to say "not set" than an empty value.
  const raw = text === undefined || text === "" ? fallback : text;
  if (raw === undefined) return undefined;
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const shown = hidden ? `a value of ${raw.length} characters` : JSON.stringify(raw);
  faults.push(`${name}: given ${shown}; allowed is ${allowed}; set it to something like ${example}.`);
  return undefined;
}

function faultsBetween(given: (name: Name) => boolean, values: Values): string[] {
  const faults: string[] = [];
  if (values.ROLE === "worker" && values.JOBS_AT_ONCE === 0)
    faults.push(
      'JOBS_AT_ONCE: given "0"; with ROLE=worker allowed is 1 or more, for there is nothing else to do; set it to something like 2.',
    );
  const [endpoint, url] = [given("DATABASE_ENDPOINT"), given("DATABASE_URL")];
  if (endpoint && url)
    faults.push("DATABASE_ENDPOINT and DATABASE_URL: given both; allowed is one; remove DATABASE_URL outside of local use.");
  if (!endpoint && !url)
    faults.push("DATABASE_ENDPOINT: given nothing; needed is the database; set it to host:port, or DATABASE_URL for local use.");
  for (const [reader, writer] of [
    ["DATABASE_READER_ENDPOINT", "DATABASE_ENDPOINT"],
    ["DATABASE_READER_URL", "DATABASE_URL"],
  ] as const)
    if (given(reader) && !given(writer))
      faults.push(
        `${reader}: given without ${writer}; allowed is with it, for nothing is written to a replica; set ${writer} or remove ${reader}.`,
      );
  if (endpoint && !given("DATABASE_SECRET_ARN"))
    faults.push(
      "DATABASE_SECRET_ARN: given nothing; needed with DATABASE_ENDPOINT; set it to the ARN of the secret with username and password.",
    );
  if (given("MAIL_URL") && !given("MAIL_FROM"))
    faults.push("MAIL_FROM: given nothing; needed with MAIL_URL; set it to the address that mails come from.");
  if (values.MAIL_URL === "ses:" && !given("AWS_REGION"))
    faults.push("AWS_REGION: given nothing; needed with MAIL_URL=ses:; set it to the region that sends, such as eu-central-1.");
  const [secretArn, secret] = [given("APP_SECRET_ARN"), given("APP_SECRET")];
  if (secretArn && secret)
    faults.push("APP_SECRET_ARN and APP_SECRET: given both; allowed is one; remove APP_SECRET outside of local use.");
  // ROLE=migrate signs nothing, but asking for the same environment in every role keeps deployments simple.
  if (!secretArn && !secret)
    faults.push(
      "APP_SECRET_ARN: given nothing; needed to sign sessions; set it to a secret's ARN, or APP_SECRET to at least 32 random characters.",
    );
  const [cache, cacheSecret] = [given("CACHE_ENDPOINT"), given("CACHE_SECRET_ARN")];
  if (cache && !cacheSecret)
    faults.push(
      "CACHE_SECRET_ARN: given nothing; needed with CACHE_ENDPOINT; set it to the ARN of the secret with the password, or remove CACHE_ENDPOINT.",
    );
  if (cacheSecret && !cache)
    faults.push(
      "CACHE_ENDPOINT: given nothing; needed with CACHE_SECRET_ARN; set it to host:port of the cache, or remove CACHE_SECRET_ARN.",
    );
  if ((endpoint || secretArn || cache) && !given("AWS_REGION"))
    faults.push("AWS_REGION: given nothing; needed to read secrets; set it to the region they are in, such as eu-central-1.");
  if (given("JOBS_QUEUE_URL") && !given("AWS_REGION"))
    faults.push(
      "AWS_REGION: given nothing; needed with JOBS_QUEUE_URL; set it to the region of the queue, such as eu-central-1.",
    );
  return faults;
}

function readCa(file: string, faults: string[]): string | undefined {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // Reported below like a file without certificates.
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  faults.push(
    `DATABASE_CA_FILE: given ${JSON.stringify(file)}; allowed is a readable file with PEM certificates; correct the path or remove the variable.`,
  );
  return undefined;
}

function databaseOf(values: Values, ca: string | undefined): DatabaseAddress {
  if (values.DATABASE_URL !== undefined) return { kind: "url", url: values.DATABASE_URL };
  const { host, port } = present(values.DATABASE_ENDPOINT);
  return {
    kind: "endpoint",
    host,
    port,
    name: present(values.DATABASE_NAME),
    secretArn: present(values.DATABASE_SECRET_ARN),
    ca,
  };
}

function cacheOf(values: Values): CacheConfig {
  const { CACHE_ENDPOINT: address, CACHE_SECRET_ARN: secretArn } = values;
  const shared = address === undefined ? undefined : { ...address, secretArn: present(secretArn) };
  return { seconds: present(values.CACHE_SECONDS), shared };
}

function readerOf(values: Values, ca: string | undefined): DatabaseAddress | undefined {
  if (values.DATABASE_READER_URL !== undefined) return { kind: "url", url: values.DATABASE_READER_URL };
  const { DATABASE_READER_ENDPOINT: address } = values;
  if (address === undefined) return undefined;
  return {
    kind: "endpoint",
    ...address,
    name: present(values.DATABASE_NAME),
    secretArn: present(values.DATABASE_SECRET_ARN),
    ca,
  };
}

function appSecretOf(values: Values): SecretSource {
  if (values.APP_SECRET !== undefined) return { value: values.APP_SECRET };
  return { arn: present(values.APP_SECRET_ARN) };
}

function mailOf({ MAIL_URL: url, MAIL_FROM: from }: Values): MailAddress {
  if (url === undefined) return { kind: "mailbox" };
  return url === "ses:" ? { kind: "ses", from: present(from) } : { kind: "smtp", url, from: present(from) };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a checked setting is missing");
  return value;
}
