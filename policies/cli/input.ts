import { readFileSync } from "node:fs";
import type { ResourceFacts } from "../framework/resource.ts";
import type { StackChoice } from "../framework/settings.ts";
import { decodedFields } from "../framework/values.ts";

/** What a command was given cannot be used. Its message is for the user, who needs no stack trace. */
export class UsageError extends Error {}

/** The resources of a stack, and what its configuration says of the pack. */
export interface StackInput {
  readonly facts: readonly ResourceFacts[];
  readonly choice: StackChoice;
}

/** A resource in an exported state, or in a step of a preview. */
interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly delete?: boolean;
  readonly propertyDependencies?: Record<string, readonly string[]>;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly newState?: StateResource;
}

/** Reads JSON from a file, or from the standard input when the file is `-`. @throws UsageError */
export function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    // npm and the sandbox may print lines of their own before the document.
    return JSON.parse(text.slice(Math.max(0, text.search(/^\{/m))));
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The stack in what `pulumi stack export` wrote. @throws UsageError when it is something else */
export function stackOfState(document: unknown, file: string): StackInput {
  const resources = (document as { deployment?: { resources?: readonly StateResource[] } } | null)?.deployment?.resources;
  if (!Array.isArray(resources))
    throw new UsageError(
      `${file} is no exported state; write one with \`pulumi stack export --file ${file === "-" ? "FILE" : file}\`.`,
    );
  return { facts: (resources as StateResource[]).filter((each) => each.delete !== true).map(factsOf), choice: {} };
}

/**
 * The stack in what `pulumi preview --json` wrote. @throws UsageError when it is something else, or does not show every
 * resource
 */
export function stackOfPreview(document: unknown, file: string): StackInput {
  const {
    changeSummary = {},
    config = {},
    steps,
  } = (document ?? {}) as {
    steps?: readonly Step[];
    config?: Record<string, string>;
    changeSummary?: Record<string, number>;
  };
  if (!Array.isArray(steps))
    throw new UsageError(`${file} is no preview; write one with \`pulumi preview --json --show-sames > FILE\`.`);
  const list = steps as Step[];
  const same = list.filter(({ op }) => op === "same").length;
  if (same < (changeSummary["same"] ?? 0))
    throw new UsageError(`${file} leaves out the resources that do not change; run the preview with --show-sames.`);
  const states = new Map(
    list.flatMap(({ newState, op }) => (newState === undefined || op.startsWith("delete") ? [] : [[newState.urn, newState]])),
  );
  const project = list[0]?.urn.split("::")[1] ?? "";
  return {
    facts: [...states.values()].map(factsOf),
    choice: { stage: config[`${project}:stage`], presets: config["policies:presets"] },
  };
}

function factsOf(state: StateResource): ResourceFacts {
  const inputs = decodedFields(state.inputs ?? {});
  const outputs = decodedFields(state.outputs ?? {});
  return {
    urn: state.urn,
    type: state.type,
    name: state.urn.split("::").slice(3).join("::"),
    inputs,
    outputs: { ...inputs, ...outputs, ...(state.id === undefined || state.id === "" ? {} : { id: state.id }) },
    protect: state.protect ?? false,
    parent: state.parent ?? "",
    propertyDependencies: state.propertyDependencies ?? {},
  };
}
