import { z } from "zod";
import { parseJson } from "./json.ts";
import { UserError } from "./user-error.ts";

/** One resource as a preview sees it, before and after. */
export interface Change {
  /** The engine's word: `same`, `create`, `update`, `replace`, `create-replacement`, `delete-replaced`, `delete`, ... */
  readonly op: string;
  readonly urn: string;
  /** Such as `aws:rds/cluster:Cluster`. */
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Inputs that force the replacement; empty when there is none. */
  readonly replaceReasons: readonly string[];
  /** Undefined for what is made. */
  readonly before?: ResourceState;
  /** Undefined for what is deleted. Values that the preview does not know are missing or the engine's sign for them. */
  readonly after?: ResourceState;
}

export interface ResourceState {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Whether the engine refuses to delete it. */
  readonly protect: boolean;
  /** Whether it stays in the cloud when it leaves the stack. */
  readonly retainOnDelete: boolean;
  /** Whether a provider stands behind it; components have none. */
  readonly custom: boolean;
}

const STATE = z.object({
  inputs: z.record(z.string(), z.unknown()).optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  custom: z.boolean().optional(),
});

const PREVIEW = z.object({
  steps: z.array(
    z.object({
      op: z.string(),
      urn: z.string(),
      oldState: STATE.optional(),
      newState: STATE.optional(),
      replaceReasons: z.array(z.string()).nullish(),
    }),
  ),
});

/**
 * Reads what `pulumi preview --json` prints.
 *
 * @throws UserError when it is no preview, such as an engine's error.
 */
export function readPreview(json: string): Change[] {
  const parsed = PREVIEW.safeParse(parseJson(json));
  if (!parsed.success) throw new UserError("The preview cannot be read.", json.split("\n").slice(0, 20));
  return parsed.data.steps.map(({ newState, oldState, op, replaceReasons, urn }) => ({
    op,
    urn,
    ...partsOf(urn),
    replaceReasons: replaceReasons ?? [],
    ...(oldState && { before: stateOf(oldState) }),
    ...(newState && op !== "delete" && { after: stateOf(newState) }),
  }));
}

/** A URN is `urn:pulumi:stack::project::parentType$type::name`. */
function partsOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

function stateOf(state: z.output<typeof STATE>): ResourceState {
  return {
    inputs: state.inputs ?? {},
    protect: state.protect ?? false,
    retainOnDelete: state.retainOnDelete ?? false,
    custom: state.custom ?? false,
  };
}
