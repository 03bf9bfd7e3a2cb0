import { z } from "zod";

/** What a running daemon has written into `<home>/daemon.json`. */
export const daemonInfoShape = z.object({
  pid: z.int(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** Loopback port of each provider, by its package's name, such as `aws`. */
  providerPorts: z.record(z.string(), z.int()),
  /** The AWS API endpoint. */
  apiUrl: z.string(),
  /** Opens the console: the key is in it. */
  consoleUrl: z.string(),
  controlUrl: z.string(),
  /** Bearer token of the control API. */
  token: z.string(),
  /** Of the sources that it runs; see `sandboxVersion`. */
  version: z.string(),
});
export type DaemonInfo = Readonly<z.infer<typeof daemonInfoShape>>;

const resourceRow = z
  .object({ type: z.string(), id: z.string(), name: z.string(), phase: z.string(), region: z.string() })
  .readonly();

const processRow = z
  .object({
    name: z.string(),
    /** Null while no process runs under this name. */
    pid: z.int().nullable(),
    state: z.string(),
    restarts: z.int(),
    memoryBytes: z.number(),
    /** ISO 8601; null before its first start. */
    startedAt: z.string().nullable(),
  })
  .readonly();

/** A fault at work. */
export const faultRow = z.object({ id: z.string(), description: z.string() }).readonly();
export type FaultRow = z.infer<typeof faultRow>;

/** `GET /status`: everything the daemon holds and runs. */
export const statusShape = z
  .object({
    /** `starting`, `ready` or `stopping`. */
    phase: z.string(),
    /** The account id: 12 digits. */
    account: z.string(),
    resources: z.array(resourceRow).readonly(),
    processes: z.array(processRow).readonly(),
    /** Ways into what runs: the local address, and the public one that it stands for. */
    doors: z.array(z.object({ name: z.string(), url: z.string(), target: z.string() }).readonly()).readonly(),
    faults: z.array(faultRow).readonly(),
    /** Resources that a cut-off `up` made and no stack knows yet. */
    unclaimed: z.array(resourceRow).readonly(),
  })
  .readonly();
export type SandboxStatus = z.infer<typeof statusShape>;

/** `GET /events?after=SEQ`: what happened since, oldest first. */
export const eventsShape = z.object({
  events: z.array(z.object({ seq: z.int(), /** ISO 8601. */ at: z.string(), message: z.string() }).readonly()).readonly(),
});
export type SandboxEvent = z.infer<typeof eventsShape>["events"][number];

/** `GET /faults`. */
export const faultsShape = z.object({ faults: z.array(faultRow).readonly() });

/** `POST /release`: how many resources may now be deleted that were held before. */
export const releasedShape = z.object({ released: z.int() });

function whole(least: number, most: number): z.ZodInt {
  const error = ({ input }: { readonly input?: unknown }): string =>
    `${given(input)}; allowed: a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

const words = (example: string): z.ZodString =>
  z.string({ error: ({ input }) => `${given(input)}; allowed: a text such as ${example}` }).min(1, {
    error: `is empty; allowed: a text such as ${example}`,
  });

/** Which calls a fault is for; one that names nothing is for all of them. */
const scope = {
  /** A resource type; narrows to what Pulumi asks for. */
  type: words("aws:ec2/vpc:Vpc").optional(),
  /** A service; of resource types and of the AWS API alike. */
  service: words("secretsmanager").optional(),
  /** `create`, `read`, `update` or `delete` of a resource, or an operation of the AWS API. */
  operation: words("GetSecretValue").optional(),
};

/** The kinds of fault, and what each of them takes. */
export const FAULT_KINDS = {
  throttle: z.strictObject({
    kind: z.literal("throttle"),
    /** How many of the next calls; then the fault is over. */
    calls: whole(1, 1_000_000).optional(),
    /** Every n-th call, until the fault is lifted. */
    every: whole(1, 1_000_000).optional(),
    ...scope,
  }),
  "fail-create": z.strictObject({
    kind: z.literal("fail-create"),
    /** Which create from now, counted from 1. */
    nth: whole(1, 1_000_000),
    /** The error code that it fails with. @default InternalFailure */
    code: words("InsufficientInstanceCapacity").optional(),
    type: scope.type,
    service: scope.service,
  }),
  latency: z.strictObject({ kind: z.literal("latency"), ms: whole(1, 60_000), ...scope }),
  outage: z.strictObject({
    kind: z.literal("outage"),
    /** One instance. */
    instance: words("i-0123456789abcdef0").optional(),
    /** An Availability Zone with all that stand in it. */
    zone: words("eu-central-1a")
      .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, {
        error: ({ input }) => `${given(input)}; allowed: an Availability Zone such as eu-central-1a`,
      })
      .optional(),
  }),
  "spot-interruption": z.strictObject({
    kind: z.literal("spot-interruption"),
    /** A Spot instance of an Auto Scaling group. */
    instance: words("i-0123456789abcdef0"),
  }),
  kill: z.strictObject({ kind: z.literal("kill"), /** As the status names it. */ name: words("app") }),
} as const;

/** `POST /faults`: a fault to put into the sandbox. */
export const faultRequestShape = z
  .discriminatedUnion(
    "kind",
    [
      FAULT_KINDS.throttle,
      FAULT_KINDS["fail-create"],
      FAULT_KINDS.latency,
      FAULT_KINDS.outage,
      FAULT_KINDS["spot-interruption"],
      FAULT_KINDS.kill,
    ],
    {
      error: ({ input }) => {
        const kind = typeof input === "object" && input !== null ? (input as { readonly kind?: unknown }).kind : undefined;
        return `${given(kind)}; allowed: ${Object.keys(FAULT_KINDS).join(", ")}`;
      },
    },
  )
  .refine((fault) => fault.kind !== "throttle" || (fault.calls === undefined) !== (fault.every === undefined), {
    error: "needs either calls (the next so many) or every (each n-th), not both",
    path: ["throttle"],
  })
  .refine((fault) => fault.kind !== "outage" || (fault.instance === undefined) !== (fault.zone === undefined), {
    error: "needs either instance or zone, not both",
    path: ["outage"],
  });
export type FaultRequest = z.infer<typeof faultRequestShape>;

function given(input: unknown): string {
  return input === undefined ? "is missing" : `is ${JSON.stringify(input)}`;
}
