import { closest } from "fastest-levenshtein";
import { isDeepStrictEqual } from "node:util";
import type { Cloud } from "./cloud.ts";
import {
  CloudError,
  type Fault,
  type FunctionDefinition,
  type Operation,
  type Reference,
  type Resource,
  type ResourceDefinition,
} from "./definition.ts";
import { type Change, changesOf } from "./difference.ts";
import { derived } from "./ids.ts";
import { schemaFaults, type TypeSchema } from "./schema.ts";
import { hasUnknown, type Props, UNKNOWN, type Value, valuesAt } from "./values.ts";

/** A resource as a program asks for it. */
export interface Asked {
  readonly urn: string;
  readonly region: string;
  readonly inputs: Props;
  /** What automatic names are drawn from; the engine sends another for a replacement. @default - the URN */
  readonly seed?: string;
}

/** A call that changes the cloud or reads it. */
export interface CloudCall {
  readonly action: "create" | "read" | "update" | "delete";
  /** The type token of the resource. */
  readonly type: string;
}

/** What else an engine may have. */
export interface EngineOptions {
  /** The provider functions that it answers. @default - none */
  readonly functions?: readonly FunctionDefinition[];
  /** Awaited before each call; what it throws is the cloud's answer (faults on request). @default - nothing is in the way */
  readonly before?: (call: CloudCall, signal?: AbortSignal) => Promise<void>;
}

/**
 * The sandbox's control plane: one set of rules for every resource type, over the definitions of the services.
 * It knows nothing of the wire; the provider protocol and the tests call the same functions.
 */
export class CloudEngine {
  private readonly cloud: Cloud;
  private readonly definitions: ReadonlyMap<string, ResourceDefinition>;
  private readonly functions: ReadonlyMap<string, FunctionDefinition>;
  private readonly schemas: Readonly<Record<string, TypeSchema>>;
  private readonly before: NonNullable<EngineOptions["before"]>;

  constructor(
    cloud: Cloud,
    definitions: readonly ResourceDefinition[],
    schemas: Readonly<Record<string, TypeSchema>>,
    { functions = [], before = () => Promise.resolve() }: EngineOptions = {},
  ) {
    this.cloud = cloud;
    this.definitions = new Map(definitions.map((definition) => [definition.type, definition]));
    this.functions = new Map(functions.map((definition) => [definition.token, definition]));
    this.schemas = schemas;
    this.before = before;
  }

  /**
   * Fills in names and defaults and says everything that is wrong with the inputs; touches nothing.
   * `before` are the inputs of the resource as it stands: an automatic name is kept.
   */
  check(asked: Asked, before?: Props): { readonly inputs: Props; readonly faults: readonly Fault[] } {
    const definition = this.definitions.get(typeOf(asked.urn));
    if (definition === undefined)
      return { inputs: asked.inputs, faults: [{ property: "", reason: this.unservedType(typeOf(asked.urn)) }] };
    const inputs = withName(definition, asked, before);
    const schema = this.schemas[definition.type];
    const shapes = schema === undefined ? [] : schemaFaults(schema, inputs);
    return { inputs, faults: shapes.length > 0 ? shapes : limitFaults(definition, inputs, this.cloud) };
  }

  /** What an update from one set of checked inputs to another would change. */
  diff(type: string, before: Props, now: Props): { readonly changes: readonly Change[]; readonly deleteBeforeReplace: boolean } {
    const definition = this.definition(type);
    return { changes: changesOf(definition, before, now), deleteBeforeReplace: definition.deleteBeforeReplace ?? false };
  }

  /** The outputs that such an update makes anew: a preview must not show them as they were. */
  renewed(type: string, before: Props, now: Props): readonly string[] {
    return this.definition(type).renewed?.(before, now) ?? [];
  }

  /**
   * Makes the resource and starts what stands behind it. It is on disk before this resolves.
   * What a cut-off run made for the same URN, and the engine never learnt of, is handed out again, so nothing is made twice.
   */
  async create(asked: Asked, signal?: AbortSignal): Promise<Resource> {
    const definition = this.definition(typeOf(asked.urn));
    await this.before({ action: "create", type: definition.type }, signal);
    const operation = this.operation(asked);
    const left = this.cloud.world.all(definition.type).find((row) => row.urn === asked.urn && !row.claimed);
    if (left !== undefined && isDeepStrictEqual(left.inputs, asked.inputs)) return this.finish(definition, left);
    if (left !== undefined) await this.remove(left.type, left.id, left.region);
    this.requireReferences(definition, asked.inputs);
    const row = this.cloud.world.change(() => {
      const { id, outputs } = definition.create(operation);
      if (this.cloud.world.get(definition.type, id, asked.region) !== undefined) {
        throw new CloudError("ResourceAlreadyExists", `${definition.type} ${id} exists already`, 409);
      }
      return this.cloud.world.put({
        type: definition.type,
        id,
        urn: asked.urn,
        region: asked.region,
        inputs: asked.inputs,
        outputs: { ...asked.inputs, ...outputs },
        phase: "creating",
        claimed: false,
      });
    });
    return this.finish(definition, row);
  }

  /** Changes the resource in place. Throws `NotFound` if it is gone. */
  async update(asked: Asked, id: string, signal?: AbortSignal): Promise<Resource> {
    const definition = this.definition(typeOf(asked.urn));
    await this.before({ action: "update", type: definition.type }, signal);
    const before = this.claim(definition.type, id, asked.region);
    if (before === undefined) throw new CloudError("NotFound", `${definition.type} ${id} does not exist`, 404);
    this.requireReferences(definition, asked.inputs);
    const row = this.cloud.world.change(() => {
      const outputs = definition.update?.(this.operation(asked), before) ?? {};
      const kept = Object.fromEntries(Object.entries(before.outputs).filter(([name]) => !(name in before.inputs)));
      return this.cloud.world.put({ ...before, inputs: asked.inputs, outputs: { ...kept, ...asked.inputs, ...outputs } });
    });
    return this.finish(definition, row);
  }

  /** The resource as it is now, or undefined if there is none. Reading claims it: the engine has shown that it knows it. */
  async read(type: string, id: string, region: string, signal?: AbortSignal): Promise<Resource | undefined> {
    const definition = this.definition(type);
    await this.before({ action: "read", type }, signal);
    const row = this.claim(type, id, region);
    return row === undefined ? undefined : { ...row, outputs: { ...row.outputs, ...definition.look?.(this.cloud, row) } };
  }

  /** Deletes the resource; one that is gone already is fine. Throws the cloud's own error if something still holds it. */
  async delete(type: string, id: string, region: string, signal?: AbortSignal): Promise<void> {
    await this.before({ action: "delete", type }, signal);
    await this.remove(type, id, region);
  }

  /** Answers a provider function. Throws {@link CloudError} for one that the sandbox does not serve. */
  invoke(token: string, args: Props, region: string): Props {
    const found = this.functions.get(token);
    if (found === undefined) throw new CloudError("UnsupportedFunction", unserved(token, [...this.functions.keys()]));
    return found.call(this.cloud, args, region);
  }

  /** Lifts what keeps resources and what they hold from being deleted, and says how many resources that were. */
  release(): number {
    const held = this.cloud.world.all().flatMap((row) => {
      const lifted = this.definitions.get(row.type)?.releasedBy;
      return lifted === undefined
        ? []
        : [{ ...row, inputs: { ...row.inputs, ...lifted }, outputs: { ...row.outputs, ...lifted } }];
    });
    this.cloud.world.change(() => {
      for (const row of held) this.cloud.world.put(row);
    });
    return held.length;
  }

  private async remove(type: string, id: string, region: string): Promise<void> {
    const definition = this.definition(type);
    const row = this.cloud.world.get(type, id, region);
    if (row === undefined) return;
    if (row.phase !== "deleting") {
      this.requireUnheld(row);
      this.cloud.world.change(() => {
        definition.remove?.(this.cloud, row);
        this.cloud.world.put({ ...row, phase: "deleting" });
      });
    }
    await definition.halt?.(this.cloud, row);
    this.cloud.world.drop(row);
  }

  /** Marks the resource as one that the engine knows: from now on its URN may ask for another (a replacement). */
  claim(type: string, id: string, region: string): Resource | undefined {
    const row = this.cloud.world.get(type, id, region);
    return row === undefined || row.claimed ? row : this.cloud.world.put({ ...row, claimed: true });
  }

  /**
   * Starts again, oldest first, what should run; and ends what a killed daemon was about to delete. For the daemon's own start: one resource
   * that cannot be started is noted and keeps nothing else from starting.
   */
  async resume(): Promise<void> {
    for (const row of this.cloud.world.all()) {
      const definition = this.definitions.get(row.type);
      try {
        if (row.phase === "deleting") await this.remove(row.type, row.id, row.region);
        else if (row.phase === "ready" && definition?.run !== undefined) await this.finish(definition, row);
      } catch (error) {
        this.cloud.note(
          `${row.type} ${row.id} could not be started again: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  private async finish(definition: ResourceDefinition, row: Resource): Promise<Resource> {
    const live = await definition.run?.(this.cloud, row);
    const current = this.cloud.world.get(row.type, row.id, row.region) ?? row;
    if (current.phase === "ready" && live === undefined) return current;
    return this.cloud.world.put({ ...current, outputs: { ...current.outputs, ...live }, phase: "ready" });
  }

  private operation(asked: Asked): Operation {
    return { cloud: this.cloud, urn: asked.urn, name: nameOf(asked.urn), region: asked.region, inputs: asked.inputs };
  }

  private definition(type: string): ResourceDefinition {
    const definition = this.definitions.get(type);
    if (definition === undefined) throw new CloudError("UnsupportedResourceType", this.unservedType(type));
    return definition;
  }

  private unservedType(type: string): string {
    return unserved(type, [...this.definitions.keys()]);
  }

  private requireReferences(definition: ResourceDefinition, inputs: Props): void {
    for (const reference of definition.references ?? []) {
      for (const value of valuesAt(inputs, reference.path)) {
        if (typeof value !== "string" || value === "" || this.target(reference, value) !== undefined) continue;
        const error = reference.missing(value);
        if (error !== undefined) throw error;
      }
    }
  }

  private target(reference: Reference, value: string): Resource | undefined {
    return typesOf(reference)
      .flatMap((type) => this.cloud.world.all(type))
      .find((row) => names(row, reference, value));
  }

  private requireUnheld(target: Resource): void {
    for (const holder of this.cloud.world.all()) {
      if (holder.phase === "deleting" || (holder.type === target.type && holder.id === target.id)) continue;
      for (const reference of this.definitions.get(holder.type)?.references ?? []) {
        if (reference.inUse === undefined || !typesOf(reference).includes(target.type)) continue;
        const held = valuesAt(holder.inputs, reference.path).some((value) => names(target, reference, value));
        if (held) throw reference.inUse(target, holder);
      }
    }
  }
}

function unserved(token: string, known: readonly string[]): string {
  const hint = known.length === 0 ? "" : ` The nearest that it serves is ${closest(token, known)}.`;
  return `the sandbox does not serve ${token}.${hint}`;
}

function typesOf(reference: Reference): readonly string[] {
  return typeof reference.to === "string" ? [reference.to] : reference.to;
}

function names(target: Resource, reference: Reference, value: Value): boolean {
  return (reference.by ?? ["id"]).some((output) => (output === "id" ? target.id : target.outputs[output]) === value);
}

/** The type token of a URN: what stands last in its chain of types. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The logical name of a URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function withName(definition: ResourceDefinition, asked: Asked, before: Props | undefined): Props {
  const inputs: Props = { ...definition.defaults, ...asked.inputs };
  const { autoName } = definition;
  if (autoName === undefined || inputs[autoName.property] !== undefined) return inputs;
  const prefix = inputs[`${autoName.property}Prefix`];
  if (prefix !== undefined) return inputs;
  const ending = autoName.ending?.(inputs) ?? "";
  const suffix = `${autoName.separator ?? "-"}${derived(7, asked.urn, asked.region, asked.seed ?? "")}${ending}`;
  const fresh = `${nameOf(asked.urn).slice(0, autoName.maxLength - suffix.length)}${suffix}`;
  const name = before?.[autoName.property] ?? (autoName.lowercase === true ? fresh.toLowerCase() : fresh);
  return { ...inputs, [autoName.property]: name };
}

function limitFaults(definition: ResourceDefinition, inputs: Props, cloud: Cloud): Fault[] {
  return Object.entries(definition.limits ?? {}).flatMap(([path, limit]) =>
    valuesAt(inputs, path).flatMap((value) => {
      if (value === UNKNOWN || hasUnknown(value)) return [];
      const reason = limit(value, inputs, cloud);
      return reason === undefined ? [] : [{ property: path, reason }];
    }),
  );
}
