import type { Resource, Unwrap } from "@pulumi/pulumi";
import { type ResourceValidation, type ResourceValidationArgs, UnknownValueError } from "@pulumi/policy";

/** One question about a resource's inputs: what is wrong (found and wanted), or undefined when all is well. */
export type Question<Inputs> = (inputs: Inputs, args: ResourceValidationArgs) => string | readonly string[] | undefined;

/** Questions about one resource type; made by {@link about}. */
export interface Subject {
  readonly appliesTo: (args: ResourceValidationArgs) => boolean;
  readonly questions: readonly Question<never>[];
}

// The SDK's own signature of a resource class; its `any` lets classes with different options through.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ResourceClass<Args> = new (name: string, args: Args, ...rest: any[]) => Resource;

/** The questions that a rule asks of one resource type. */
export function about<Args>(type: ResourceClass<Args>, ...questions: Question<Unwrap<NonNullable<Args>>>[]): Subject {
  return { appliesTo: (args) => args.isType(type), questions };
}

/**
 * A rule over several resource types. Every question is asked on its own, so an input that a preview cannot know yet hides neither
 * a fault in another input nor itself: known faults are reported first, and then the engine is told that the rest is unknown.
 */
export function validateEach(...subjects: Subject[]): ResourceValidation {
  return (args, report) => {
    const subject = subjects.find(({ appliesTo }) => appliesTo(args));
    if (subject === undefined) return args.notApplicable("the rule is about other types of resource");
    askEach(
      subject.questions.map((question) => () => (question as Question<unknown>)(args.props, args)),
      report,
    );
  };
}

/** Asks all questions, reports what they find, then throws the first `UnknownValueError` that one of them met. */
export function askEach(
  questions: readonly (() => string | readonly string[] | undefined)[],
  report: (message: string) => void,
): void {
  let unknown: Error | undefined;
  for (const ask of questions) {
    try {
      const found = ask() ?? [];
      for (const message of typeof found === "string" ? [found] : found) report(message);
    } catch (error) {
      if (!isUnknown(error)) throw error;
      unknown ??= error;
    }
  }
  if (unknown !== undefined) throw unknown;
}

/** The SDK exports the class of this error without its type. */
function isUnknown(error: unknown): error is Error {
  return error instanceof UnknownValueError;
}

/** How a message shows what it found: JSON, or "nothing" where the input is absent. */
export function shown(value: unknown): string {
  return value === undefined || value === null ? "nothing" : JSON.stringify(value);
}
