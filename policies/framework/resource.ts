import type { Unwrap } from "@pulumi/pulumi";
import { Property } from "./property.ts";

/** What the engine says of a resource, decoded. */
export interface ResourceFacts {
  readonly urn: string;
  readonly type: string;
  /** The logical name, as in the program. */
  readonly name: string;
  /** What the program asked for. Where only the outputs are known, those. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What the cloud answered; in a preview, what the provider foresees. @default - the inputs */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Whether Pulumi refuses to delete it. @default false */
  readonly protect?: boolean;
  /** The URN of the component or resource that it belongs to. @default - none */
  readonly parent?: string;
  /** Input → URNs of the resources whose outputs it is made of. @default - none */
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** A resource with inputs of the provider's own type, such as `Resource<ClusterArgs>`. */
export type Resource<Args> = ResourceWith<Unwrap<Args>>;

/** A resource as a check sees it: its inputs and its place in the stack. */
export class ResourceWith<out Inputs> extends Property<Inputs> {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly protect: boolean;
  readonly parent: string | undefined;
  /** What the cloud answered, or will. A computed output is unknown in a preview. */
  readonly outputs: Property<Record<string, unknown>>;
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly #inputs: unknown;

  constructor(facts: ResourceFacts) {
    super(facts.inputs);
    this.#inputs = facts.inputs;
    this.urn = facts.urn;
    this.type = facts.type;
    this.name = facts.name;
    this.protect = facts.protect ?? false;
    this.parent = facts.parent;
    this.outputs = new Property(facts.outputs ?? facts.inputs);
    this.propertyDependencies = facts.propertyDependencies ?? {};
  }

  /** Its inputs, with its name at the head of every path, for messages about another resource. */
  get named(): Property<Inputs> {
    return new Property(this.#inputs, this.name);
  }

  /** The name of the stack, from the URN (`urn:pulumi:STACK::PROJECT::TYPE::NAME`). */
  get stack(): string {
    return (this.urn.split("::")[0] ?? "").replace(/^urn:pulumi:/, "");
  }
}
