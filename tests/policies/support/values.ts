import { type Cases, UNKNOWN } from "./cases.ts";
import { at } from "./switches.ts";

type Inputs = Readonly<Record<string, unknown>>;

/**
 * Cases of a number that must be at least so much, which it is not when it is left out:
 * `must(resource.at(PATH), beAtLeast(LEAST, UNIT))`.
 * @param thing what has the number, such as "a database"
 * @param unit plural. @default - none
 * @param beside further inputs, for a rule that reads them first. @default - none
 */
export function leastCases(type: string, thing: string, path: string, least: number, unit = "", beside: Inputs = {}): Cases {
  const amount = `${String(least)} ${least === 1 ? unit.replace(/s$/, "") : unit}`.trimEnd();
  const wanted = `it must be at least ${amount}.`;
  return {
    passes: { [`${thing} with ${path} ${String(least)}`]: { given: [type, { ...beside, ...at(path, least) }] } },
    fails: {
      [`${thing} with ${path} ${String(least - 1)}`]: {
        given: [type, { ...beside, ...at(path, least - 1) }],
        says: `${path} is ${String(least - 1)}; ${wanted}`,
      },
      [`${thing} that says nothing of ${path}`]: { given: [type, beside], says: `${path} is nothing; ${wanted}` },
    },
    unknown: {
      [`${thing} of which ${path} is decided later`]: { given: [type, { ...beside, ...at(path, UNKNOWN) }], open: path },
    },
  };
}

/**
 * Cases of a value that must be one of some: `must(resource.at(PATH), beOneOf(...RIGHT))`.
 * @param wrong one that is not allowed
 * @param leftOut what it means when it is left out, for messages; "right" when that is allowed. @default - it is wrong
 */
export function choiceCases(
  type: string,
  thing: string,
  path: string,
  { right, wrong, leftOut, beside = {} }: { right: readonly string[]; wrong: string; leftOut?: string; beside?: Inputs },
): Cases {
  const quoted = right.map((each) => JSON.stringify(each)).join(", ");
  const wanted = right.length === 1 ? `it must be ${quoted}.` : `it must be one of ${quoted}.`;
  const found = leftOut === undefined ? "nothing" : `nothing, which means ${JSON.stringify(leftOut)}`;
  const passes = Object.fromEntries(
    right.map((each) => [`${thing} with ${path} ${each}`, { given: [type, { ...beside, ...at(path, each) }] as const }]),
  );
  return {
    passes: {
      ...passes,
      ...(leftOut === "right" ? { [`${thing} that says nothing of ${path}`]: { given: [type, beside] as const } } : {}),
    },
    fails: {
      [`${thing} with ${path} ${wrong}`]: {
        given: [type, { ...beside, ...at(path, wrong) }],
        says: `${path} is ${JSON.stringify(wrong)}; ${wanted}`,
      },
      ...(leftOut === "right"
        ? {}
        : {
            [`${thing} that says nothing of ${path}`]: { given: [type, beside] as const, says: `${path} is ${found}; ${wanted}` },
          }),
    },
    unknown: {
      [`${thing} of which ${path} is decided later`]: { given: [type, { ...beside, ...at(path, UNKNOWN) }], open: path },
    },
  };
}

/**
 * Cases of something that must be there, whatever it is: `must(resource.at(PATH), beSet(WANTED))`.
 * @param value what is there, such as the ARN of a key
 * @param wanted ends the sentence "it must ..."
 */
export function setCases(
  type: string,
  thing: string,
  path: string,
  { value, wanted = "be set", beside = {} }: { value: unknown; wanted?: string; beside?: Inputs },
): Cases {
  return {
    passes: { [`${thing} with ${path}`]: { given: [type, { ...beside, ...at(path, value) }] } },
    fails: {
      [`${thing} without ${path}`]: { given: [type, beside], says: `${path} is nothing; it must ${wanted}.` },
    },
    unknown: {
      [`${thing} of which ${path} is decided later`]: { given: [type, { ...beside, ...at(path, UNKNOWN) }], open: path },
    },
    ...(typeof value === "string" ? { survives: { [`${path}: another text`]: "another one is one as well" } } : {}),
  };
}
