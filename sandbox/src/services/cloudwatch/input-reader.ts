import { CloudError } from "../../core/definition.ts";
import type { Props, Value } from "../../core/values.ts";

/** What a text must be. */
export interface TextRule {
  /** @default 1 */
  readonly least?: number;
  /** @default - no limit */
  readonly most?: number;
  readonly pattern?: RegExp;
  readonly among?: readonly string[];
}

/**
 * Reads the members of an API call's input and collects what is wrong with them, in the words of AWS's own validation. {@link check} throws
 * all of it at once; what was read before is of use only after that.
 */
export class InputReader {
  private readonly input: Props;
  private readonly path: string;
  private readonly faults: string[];

  /** `path` leads to the input, such as `metricData.1.member.`; `faults` is the list that another reader checks. */
  constructor(input: Props, path = "", faults: string[] = []) {
    this.input = input;
    this.path = path;
    this.faults = faults;
  }

  /** A text that must be there. */
  text(name: string, rule: TextRule = {}): string {
    if (this.missing(name)) return "";
    return this.optionalText(name, rule) ?? "";
  }

  optionalText(name: string, rule: TextRule = {}): string | undefined {
    const value = this.input[name];
    if (value === undefined || value === null) return undefined;
    const fault = typeof value === "string" ? faultInText(value, rule) : "Member must be a string";
    if (fault !== undefined) this.fault(name, value, fault);
    return fault === undefined ? (value as string) : undefined;
  }

  /** A whole number that must be there. */
  integer(name: string, least: number, most: number): number {
    if (this.missing(name)) return least;
    return this.optionalInteger(name, least, most) ?? least;
  }

  optionalInteger(name: string, least: number, most: number): number | undefined {
    const value = this.input[name];
    if (value === undefined || value === null) return undefined;
    const fault =
      typeof value === "number" && Number.isInteger(value) ? faultInRange(value, least, most) : "Member must be an integer";
    if (fault !== undefined) this.fault(name, value, fault);
    return fault === undefined ? (value as number) : undefined;
  }

  /** A finite number. */
  optionalNumber(name: string): number | undefined {
    const value = this.input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.fault(name, value, "Member must be a finite number");
    return undefined;
  }

  /** A finite number that must be there. */
  number(name: string): number {
    return this.missing(name) ? 0 : (this.optionalNumber(name) ?? 0);
  }

  /** The numbers of a list; each must be finite. */
  numbers(name: string, most: number): number[] {
    return this.list(name, 0, most).flatMap((item, index) => {
      const member = `${name}.${String(index + 1)}.member`;
      return new InputReader({ [member]: item }, this.path, this.faults).optionalNumber(member) ?? [];
    });
  }

  /** A time that must be there, in milliseconds; the input has it in seconds. */
  time(name: string): number {
    return this.number(name) * 1000;
  }

  boolean(name: string, otherwise: boolean): boolean {
    const value = this.input[name];
    return typeof value === "boolean" ? value : otherwise;
  }

  /** The texts of a list; each must keep the rule. */
  texts(name: string, most: number, rule: TextRule = {}): string[] {
    return this.list(name, 0, most).flatMap((item, index) => {
      const member = `${name}.${String(index + 1)}.member`;
      return new InputReader({ [member]: item }, this.path, this.faults).optionalText(member, rule) ?? [];
    });
  }

  /** A reader for each object of a list. */
  each(name: string, least: number, most: number): InputReader[] {
    return this.list(name, least, most).flatMap((item, index) => {
      if (typeof item === "object" && item !== null && !Array.isArray(item))
        return [new InputReader(item, `${this.path}${initialLower(name)}.${String(index + 1)}.member.`, this.faults)];
      this.fault(name, item, "Member must be a structure");
      return [];
    });
  }

  /** A reader for an object, if it is there. */
  inner(name: string): InputReader | undefined {
    const value = this.input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "object" && !Array.isArray(value))
      return new InputReader(value, `${this.path}${initialLower(name)}.`, this.faults);
    this.fault(name, value, "Member must be a structure");
    return undefined;
  }

  /** Whether a member is there. */
  has(name: string): boolean {
    return this.input[name] !== undefined && this.input[name] !== null;
  }

  /** Adds a fault that no rule of a single member finds. */
  refuse(name: string, constraint: string): void {
    this.fault(name, this.input[name] ?? null, constraint);
  }

  /** Throws `code` with every fault that was found. */
  check(code: string): void {
    const count = this.faults.length;
    if (count === 0) return;
    throw new CloudError(code, `${String(count)} validation error${count === 1 ? "" : "s"} detected: ${this.faults.join("; ")}`);
  }

  private list(name: string, least: number, most: number): readonly Value[] {
    if (least > 0 && this.missing(name)) return [];
    const value = this.input[name] ?? [];
    if (!Array.isArray(value)) {
      this.fault(name, value, "Member must be a list");
      return [];
    }
    if (value.length < least) this.fault(name, value, `Member must have length greater than or equal to ${String(least)}`);
    else if (value.length > most) this.fault(name, value, `Member must have length less than or equal to ${String(most)}`);
    return value.length > most ? [] : value;
  }

  private missing(name: string): boolean {
    if (this.has(name)) return false;
    this.fault(name, null, "Member must not be null");
    return true;
  }

  private fault(name: string, value: Value, constraint: string): void {
    const shown = value === null ? "null" : `'${typeof value === "string" ? value : JSON.stringify(value)}'`;
    // A batch of a thousand events is of no help in a message.
    const cut = shown.length > 200 ? `${shown.slice(0, 200)}...` : shown;
    this.faults.push(`Value ${cut} at '${this.path}${initialLower(name)}' failed to satisfy constraint: ${constraint}`);
  }
}

function faultInText(value: string, { among, least = 1, most = Infinity, pattern }: TextRule): string | undefined {
  if (value.length < least) return `Member must have length greater than or equal to ${String(least)}`;
  if (value.length > most) return `Member must have length less than or equal to ${String(most)}`;
  if (pattern?.test(value) === false) return `Member must satisfy regular expression pattern: ${pattern.source}`;
  return among?.includes(value) === false ? `Member must satisfy enum value set: [${among.join(", ")}]` : undefined;
}

function faultInRange(value: number, least: number, most: number): string | undefined {
  if (value < least) return `Member must have value greater than or equal to ${String(least)}`;
  return value > most ? `Member must have value less than or equal to ${String(most)}` : undefined;
}

function initialLower(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
