import { type Cases, UNKNOWN } from "./cases.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** What stands at a path of keys with dots, such as `logs.audit`. */
export function at(path: string, value: unknown): Inputs {
  return path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Inputs;
}

/**
 * Cases of a switch that must be on: `must(resource.at(PATH), beTrue)`.
 * @param thing what has the switch, such as "a broker"
 * @param beside further inputs, for a rule that reads them first. @default - none
 */
export function onCases(type: string, thing: string, path: string, beside: Inputs = {}): Cases {
  return {
    passes: { [`${thing} with ${path} on`]: { given: [type, { ...beside, ...at(path, true) }] } },
    fails: {
      [`${thing} with ${path} off`]: {
        given: [type, { ...beside, ...at(path, false) }],
        says: `${path} is false; it must be true.`,
      },
      [`${thing} that says nothing of ${path}`]: { given: [type, beside], says: `${path} is nothing; it must be true.` },
    },
    unknown: {
      [`${thing} of which ${path} is decided later`]: { given: [type, { ...beside, ...at(path, UNKNOWN) }], open: path },
    },
  };
}

/** Cases of a switch that must be off, which it is when it is left out: `must(resource.at(PATH), beFalse)`. */
export function offCases(type: string, thing: string, path: string, beside: Inputs = {}): Cases {
  const [outermost = ""] = path.split(".");
  return {
    passes: {
      [`${thing} with ${path} off`]: { given: [type, { ...beside, ...at(path, false) }] },
      [`${thing} that says nothing of ${path}`]: { given: [type, beside] },
    },
    fails: {
      [`${thing} with ${path} on`]: {
        given: [type, { ...beside, ...at(path, true) }],
        says: `${path} is true; it must be false.`,
      },
    },
    unknown: {
      [`${thing} of which ${path} is decided later`]: { given: [type, { ...beside, ...at(path, UNKNOWN) }], open: path },
    },
    survives: {
      [`${path}: left out`]: "a switch that is left out is off",
      ...(outermost === path ? {} : { [`${outermost}: left out`]: "a switch that is left out is off" }),
      ...(outermost === path ? {} : { [`${outermost}: empty`]: "a switch that is left out is off" }),
    },
  };
}

/** Several sets of cases as one. */
export function together(...all: readonly Cases[]): Cases {
  return {
    passes: Object.assign({}, ...all.map(({ passes }) => passes)) as Cases["passes"],
    fails: Object.assign({}, ...all.map(({ fails }) => fails)) as Cases["fails"],
    unknown: Object.assign({}, ...all.map(({ unknown }) => unknown)) as Cases["unknown"],
    survives: Object.assign({}, ...all.map(({ survives = {} }) => survives)) as NonNullable<Cases["survives"]>,
  };
}
