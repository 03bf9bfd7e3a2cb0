import type { Cloud } from "./cloud.ts";
import type { Props, Value } from "./values.ts";

/** Something the sandbox's cloud holds: one row of the world. */
export interface Resource {
  /** The Pulumi type token, such as `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** The provider's id, such as `vpc-0123456789abcdef0`; unique by type and region. */
  readonly id: string;
  /** The URN that asked for it; empty for what an API call or the cloud itself made. */
  readonly urn: string;
  readonly region: string;
  readonly inputs: Props;
  /** Everything a reader sees: the inputs and what the cloud computed. */
  readonly outputs: Props;
  /** `creating` until its process answers; a row that stays so was cut off half-way. */
  readonly phase: "creating" | "ready" | "deleting";
  /** Whether the engine has shown that it knows the resource. An unclaimed one is handed out again to the same URN, so a cut-off `up` makes nothing twice. */
  readonly claimed: boolean;
}

/** An error as the cloud words it. `code` is the API's error code, such as `DependencyViolation`. */
export class CloudError extends Error {
  readonly code: string;
  /** The HTTP status with which the AWS API endpoint answers. @default 400 */
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "CloudError";
    this.code = code;
    this.status = status;
  }
}

/** One thing wrong with an input. */
export interface Fault {
  readonly property: string;
  readonly reason: string;
}

/** How the provider names a resource whose program gave no name: `<logical name>-<7 hex>`, cut to what the service allows. */
export interface AutoName {
  readonly property: string;
  readonly maxLength: number;
  /** Where the real provider takes a random or fixed suffix. @default "-" */
  readonly separator?: string;
  /** Lower-cases the name, for services that allow no capitals. @default false */
  readonly lowercase?: boolean;
  /** What the name must end with: `.fifo` for a FIFO queue. @default - nothing */
  readonly ending?: (inputs: Props) => string;
}

/** An input that names another resource: it must exist, and may keep that other from being deleted. */
export interface Reference {
  /** Path of the input: `subnetId`, `subnetIds[]`, `vpcConfig.subnetIds[]`. */
  readonly path: string;
  /** Type tokens it may name. */
  readonly to: string | readonly string[];
  /** Outputs of the target that the input may hold. @default ["id"] */
  readonly by?: readonly string[];
  /** The cloud's error where nothing is found. Return undefined to let the value pass (an AWS-managed name, say). */
  readonly missing: (value: string) => CloudError | undefined;
  /** The cloud's error when the target is deleted while this resource holds it; absent where the cloud allows that. */
  readonly inUse?: (target: Resource, holder: Resource) => CloudError;
}

/** What a definition is handed when the engine wants something done. All values are known and plain. */
export interface Operation {
  readonly cloud: Cloud;
  readonly urn: string;
  /** The logical name: the last part of the URN. */
  readonly name: string;
  readonly region: string;
  readonly inputs: Props;
}

/** The facts about one resource type, and how the sandbox plays it. One file a type. */
export interface ResourceDefinition {
  readonly type: string;
  /** Inputs whose change makes the real provider replace the resource (paths; a list's items are reached by its own name). */
  readonly replaceOn: readonly string[];
  /** More such inputs, which replace only beside certain others: `userData` where `userDataReplaceOnChange` is set. @default - none */
  readonly alsoReplaceOn?: (before: Props, now: Props) => readonly string[];
  /** Outputs that an update from one set of inputs to another makes anew, so that a preview cannot know them. @default - none */
  readonly renewed?: (before: Props, now: Props) => readonly string[];
  readonly autoName?: AutoName;
  /** What the provider fills in for absent inputs. */
  readonly defaults?: Props;
  /** Limits by input path; asked only for known values. Returns what is wrong (given, allowed), or undefined. */
  readonly limits?: Readonly<Record<string, (value: Value, inputs: Props, cloud: Cloud) => string | undefined>>;
  readonly references?: readonly Reference[];
  /** Outputs of a replacement that may not live beside the old one (a fixed name). @default false */
  readonly deleteBeforeReplace?: boolean;
  /**
   * Makes the id and the computed outputs (inputs are merged in by the core). Runs inside one transaction, so rows put beside it stay or go together.
   * Throws {@link CloudError} for what only the cloud can refuse (subnet of another VPC, name taken, ...).
   */
  readonly create: (operation: Operation) => { readonly id: string; readonly outputs?: Props };
  /** The outputs after an update, or what of them changes. @default the new inputs over the old outputs */
  readonly update?: (operation: Operation, before: Resource) => Props;
  /** Refuses a deletion (throws {@link CloudError}) or clears up beside it; in the same transaction. */
  readonly remove?: (cloud: Cloud, resource: Resource) => void;
  /**
   * Makes local processes match the resource: after create, after update, and for every resource when the daemon starts.
   * Must be idempotent. Resolves when the thing answers; returns outputs that only then are known.
   */
  readonly run?: (cloud: Cloud, resource: Resource) => Promise<Props | undefined>;
  /** Ends those processes and their files; idempotent. */
  readonly halt?: (cloud: Cloud, resource: Resource) => Promise<void>;
  /** Inputs that, once set, let it be deleted together with what it holds: `{ forceDestroy: true }`. For people who throw a whole sandbox away. */
  readonly releasedBy?: Props;
  /** What `refresh` sees beyond the remembered outputs (live state); merged over them. */
  readonly look?: (cloud: Cloud, resource: Resource) => Props;
}

/** A provider function (`invoke`), such as `aws:index/getCallerIdentity:getCallerIdentity`. */
export interface FunctionDefinition {
  readonly token: string;
  readonly call: (cloud: Cloud, args: Props, region: string) => Props;
}
