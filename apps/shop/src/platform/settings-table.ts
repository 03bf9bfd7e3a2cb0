import { z } from "zod";

/** One environment variable: what it means, what it may be, and what it is when nobody says. */
export interface Setting<T> {
  /** What it decides, for `--help`. */
  readonly about: string;
  /** What it may be, in words. */
  readonly allowed: string;
  /** A value that works; shown as the remedy of a fault. */
  readonly example: string;
  /** The value when the variable is unset or empty. @default - none: it is left out */
  readonly fallback?: string;
  /** True when the value must never be shown. @default false */
  readonly hidden?: boolean;
  readonly schema: z.ZodType<T, string>;
}

function setting<T>(schema: z.ZodType<T, string>, rest: Omit<Setting<T>, "schema">): Setting<T> {
  return { schema, ...rest };
}

function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most));
}

function oneOf<const T extends readonly [string, ...string[]]>(...values: T): z.ZodType<T[number], string> {
  return z.string().pipe(z.enum(values));
}

const arn = (service: string): z.ZodType<string, string> =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:\\S+$`));

const webAddress = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url !== undefined && /^https?:$/.test(url.protocol) && url.pathname === "/" && url.search + url.hash + url.username === "";
  if (isOrigin) return url.origin;
  context.addIssue("not an origin");
  return z.NEVER;
});

const endpoint = z.string().transform((text, context) => {
  const [, host, port] = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) >= 1 && Number(port) <= 65_535)
    return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
  context.addIssue("not host:port");
  return z.NEVER;
});

const databaseUrl = z.string().refine((text) => URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol));

const mailUrl = z
  .string()
  .refine(
    (text) => text === "ses:" || (URL.canParse(text) && /^smtps?:\/\/[^/]+\/?$/.test(text) && new URL(text).hostname !== ""),
  );

const addresses = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.string().regex(/^(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(\/\d{1,3})?)$/)).min(1));

/** Every variable that the product reads. The order is that of `--help`. */
export const table = {
  PORT: setting(wholeNumber(0, 65_535), {
    about: "Where it listens; 0 takes a free port, which the first log line names.",
    allowed: "a whole number from 0 to 65535",
    example: "8080",
    fallback: "8080",
  }),
  HOST: setting(z.string().regex(/^[0-9a-zA-Z.:-]+$/), {
    about: "The address it listens on.",
    allowed: "an IP address or a host name of this machine",
    example: "127.0.0.1",
    fallback: "0.0.0.0",
  }),
  ROLE: setting(oneOf("web", "worker", "migrate"), {
    about:
      "web serves people and does the background work; worker does the background work only; migrate brings the tables up to date and ends.",
    allowed: "web, worker or migrate",
    example: "web",
    fallback: "web",
  }),
  SERVICES: setting(oneOf("all"), {
    about: "Which modules this process runs.",
    allowed: "all",
    example: "all",
    fallback: "all",
  }),
  JOBS_AT_ONCE: setting(wholeNumber(0, 100), {
    about: "How many jobs this process works on at a time; 0 leaves them to processes with ROLE=worker.",
    allowed: "a whole number from 0 to 100",
    example: "2",
    fallback: "2",
  }),
  MIGRATIONS: setting(oneOf("on", "off"), {
    about: "on brings the tables up to date before serving; off waits until somebody else has (ROLE=migrate).",
    allowed: "on or off",
    example: "on",
    fallback: "on",
  }),
  PUBLIC_URL: setting(webAddress, {
    about: "The address people type. With https, cookies are sent over TLS only and browsers are told to stay on it.",
    allowed: "an http or https address without a path",
    example: "https://shop.example.com",
    fallback: "http://localhost:8080",
  }),
  LOG_LEVEL: setting(oneOf("debug", "info", "warn", "error"), {
    about: "The least level that is logged.",
    allowed: "debug, info, warn or error",
    example: "info",
    fallback: "info",
  }),
  TRUSTED_PROXIES: setting(addresses, {
    about: "Proxies whose X-Forwarded-* headers are believed.",
    allowed: "loopback, linklocal, uniquelocal, addresses or CIDR blocks, separated by commas",
    example: "loopback,10.0.0.0/8",
    fallback: "loopback",
  }),
  DRAIN_SECONDS: setting(wholeNumber(0, 60), {
    about: "How long it goes on serving after SIGTERM while /readyz says 503, so that a load balancer notices first.",
    allowed: "a whole number from 0 to 60",
    example: "10",
    fallback: "0",
  }),
  MOST_REQUESTS: setting(wholeNumber(1, 10_000), {
    about:
      "How many requests it answers at a time; more are turned away with 503 and Retry-After, so that these are answered in good time.",
    allowed: "a whole number from 1 to 10000",
    example: "200",
    fallback: "200",
  }),
  CHAOS_TOKEN: setting(z.string().regex(/^[\x21-\x7e]{32,}$/), {
    about:
      "Allows drills: who sends it as a bearer token may have requests, the database and the cache fail for a while (/api/chaos).",
    allowed: "at least 32 random characters without spaces",
    example: "the output of: openssl rand -hex 32",
    hidden: true,
  }),
  DATABASE_ENDPOINT: setting(endpoint, {
    about:
      "The PostgreSQL server; reached over TLS with its certificate and name checked. Needs DATABASE_SECRET_ARN and AWS_REGION.",
    allowed: "host:port",
    example: "shop.cluster-abc.eu-central-1.rds.amazonaws.com:5432",
  }),
  DATABASE_NAME: setting(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/), {
    about: "The database on DATABASE_ENDPOINT.",
    allowed: "a letter or underscore, then letters, digits and underscores; at most 63",
    example: "shop",
    fallback: "shop",
  }),
  DATABASE_SECRET_ARN: setting(arn("secretsmanager"), {
    about: 'Secrets Manager secret {"username","password"}; read at start, and again when the server refuses the password.',
    allowed: "the ARN of a Secrets Manager secret",
    example: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-db-AbCdEf",
  }),
  DATABASE_CA_FILE: setting(z.string(), {
    about: "PEM file of the authorities trusted for DATABASE_ENDPOINT, instead of the system's and NODE_EXTRA_CA_CERTS.",
    allowed: "the path of a readable PEM file",
    example: "/etc/platform/rds-ca.pem",
  }),
  DATABASE_URL: setting(databaseUrl, {
    about: "Instead of DATABASE_ENDPOINT, for local use.",
    allowed: "postgres://user:password@host:port/name",
    example: "postgres://shop:...@127.0.0.1:5432/shop",
    hidden: true,
  }),
  DATABASE_READER_ENDPOINT: setting(endpoint, {
    about: "Replicas of DATABASE_ENDPOINT: what may be a moment old is read there, while they are less than two seconds behind.",
    allowed: "host:port",
    example: "shop.cluster-ro-abc.eu-central-1.rds.amazonaws.com:5432",
  }),
  DATABASE_READER_URL: setting(databaseUrl, {
    about: "Instead of DATABASE_READER_ENDPOINT, for local use.",
    allowed: "postgres://user:password@host:port/name",
    example: "postgres://shop:...@127.0.0.1:5433/shop",
    hidden: true,
  }),
  DATABASE_POOL: setting(wholeNumber(1, 200), {
    about: "The most connections that this process opens to each endpoint.",
    allowed: "a whole number from 1 to 200",
    example: "10",
    fallback: "10",
  }),
  DATABASE_WAIT_SECONDS: setting(wholeNumber(1, 3600), {
    about: "How long it waits at start for the database and the secrets before it gives up.",
    allowed: "a whole number from 1 to 3600",
    example: "120",
    fallback: "120",
  }),
  CACHE_ENDPOINT: setting(endpoint, {
    about:
      "A Redis or Valkey server that the processes share; reached over TLS with its certificate and name checked. Without it each process keeps its own. Needs CACHE_SECRET_ARN and AWS_REGION.",
    allowed: "host:port",
    example: "master.shop-cache.abc123.euc1.cache.amazonaws.com:6379",
  }),
  CACHE_SECRET_ARN: setting(arn("secretsmanager"), {
    about: 'Secrets Manager secret {"password"} of CACHE_ENDPOINT; read whenever a connection is made.',
    allowed: "the ARN of a Secrets Manager secret",
    example: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-cache-AbCdEf",
  }),
  CACHE_SECONDS: setting(wholeNumber(0, 300), {
    about: "How long the catalogue's pages and products are given out before the database is asked again; 0 asks it each time.",
    allowed: "a whole number from 0 to 300",
    example: "10",
    fallback: "10",
  }),
  JOBS_QUEUE_URL: setting(z.string().regex(/^https?:\/\/[^\s/]+\/\d{12}\/[A-Za-z0-9_-]{1,80}$/), {
    about:
      "An SQS standard queue through which jobs are handed out to workers; without it each worker takes them from the table. Needs AWS_REGION.",
    allowed: "the URL of a standard queue",
    example: "https://sqs.eu-central-1.amazonaws.com/111122223333/shop-jobs",
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)),
    {
      about:
        "An OpenTelemetry collector: spans of requests, statements, the cache, the queue and jobs are sent there by OTLP over HTTP.",
      allowed: "an http or https address",
      example: "http://127.0.0.1:4318",
    },
  ),
  OBJECTS_BUCKET: setting(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/), {
    about: "The S3 bucket for product media. Checked, and not written to yet: the pictures come with the product.",
    allowed: "the name of an S3 bucket",
    example: "shop-objects-1a2b3c",
  }),
  APP_SECRET_ARN: setting(arn("secretsmanager"), {
    about: "Secrets Manager secret of at least 32 random characters; signs sessions and tokens. Needs AWS_REGION.",
    allowed: "the ARN of a Secrets Manager secret",
    example: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-app-AbCdEf",
  }),
  APP_SECRET: setting(z.string().min(32), {
    about: "Instead of APP_SECRET_ARN, for local use.",
    allowed: "at least 32 random characters",
    example: "the output of: openssl rand -base64 32",
    hidden: true,
  }),
  MAIL_URL: setting(mailUrl, {
    about:
      "Who delivers mails. Without it they are kept in the database, for operators to read, and sent to nobody. Needs MAIL_FROM.",
    allowed: "smtp://user:password@host:port, smtps://user:password@host:port, or ses: for Amazon SES in AWS_REGION",
    example: "ses:",
    hidden: true,
  }),
  MAIL_FROM: setting(z.email(), {
    about: "The address that mails come from.",
    allowed: "an e-mail address",
    example: "hello@shop.example.com",
  }),
  AWS_REGION: setting(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/), {
    about: "The region of the secrets.",
    allowed: "the code of an AWS region",
    example: "eu-central-1",
  }),
} as const;

export type Table = typeof table;
export type Name = keyof Table;
/** What the variables say, each checked; those without a fallback may be missing. */
export type Values = { readonly [N in Name]: Table[N] extends Setting<infer T> ? T | undefined : never };
