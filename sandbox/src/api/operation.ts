import type { Cloud } from "../core/cloud.ts";
import type { Props } from "../core/values.ts";
import type { Statement } from "../services/iam/policy-document.ts";
import type { Session } from "./credentials.ts";

/** Who calls, once the signature holds. */
export interface Caller {
  readonly session: Session;
  /** The ARN that AccessDenied and GetCallerIdentity name. */
  readonly arn: string;
  /** The unique id, `AROA...:<session>` for a role. */
  readonly userId: string;
}

/** One call of a JSON or query operation. */
export interface ApiCall {
  readonly cloud: Cloud;
  readonly region: string;
  readonly input: Props;
  readonly caller: Caller;
  /** Aborted when the client has gone: nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

/** What IAM must be asked before something is done. */
export interface Demand {
  /** `service:Action`. */
  readonly action: string;
  readonly resource: string;
  /** The resource's own policy. @default - it has none */
  readonly policy?: readonly Statement[];
  /** Whether the resource's policy must itself let the caller, or its account, in (KMS). @default false */
  readonly resourceMustAllow?: boolean;
  /** Further condition keys and values. @default - none but the global ones */
  readonly context?: Readonly<Record<string, string>>;
}

/** An operation of a JSON or query service: what IAM must allow (more than one demand must all hold), and what it does. */
export interface ApiOperation {
  /** @default - anyone with a valid signature may call it (sts:GetCallerIdentity) */
  readonly demands?: (call: ApiCall) => Demand | readonly Demand[];
  /** A promise is for what waits (ReceiveMessage). */
  readonly run: (call: ApiCall) => Props | Promise<Props>;
}

/** Operations by name, such as `GetSecretValue`. */
export type Operations = Readonly<Record<string, ApiOperation>>;
