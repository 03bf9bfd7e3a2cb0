import type { Case, Fixture } from "./cases.ts";

/** The types that say what an identity may do, and how each holds a policy. */
const HOLDERS: readonly (readonly [type: string, path: string, inputs: (policy: unknown) => Record<string, unknown>])[] = [
  ["aws:iam/policy:Policy", "policy", (policy) => ({ policy })],
  ["aws:iam/rolePolicy:RolePolicy", "policy", (policy) => ({ policy })],
  ["aws:iam/userPolicy:UserPolicy", "policy", (policy) => ({ policy })],
  ["aws:iam/groupPolicy:GroupPolicy", "policy", (policy) => ({ policy })],
  ["aws:iam/role:Role", "inlinePolicies[0].policy", (policy) => ({ inlinePolicies: [{ policy }] })],
];

/** The same policy, held in each of the ways there are; `make` gets the resource and the path at which its policy is. */
export function held<T extends Case>(
  title: string,
  statement: object,
  make: (given: Fixture, path: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    HOLDERS.map(([type, path, inputs]) => [
      `${title}, in a ${type.split(":")[2] ?? ""}`,
      make([type, inputs({ Statement: [statement] })], path),
    ]),
  );
}

/** One statement in a customer managed policy. */
export function managed(statement: object): Fixture {
  return ["aws:iam/policy:Policy", { policy: { Statement: [statement] } }];
}

const LESS = "less is allowed";

/** Changes of a policy after which it allows no more than before. */
export const ALLOWS_LESS: Readonly<Record<string, string>> = {
  "*olicy: left out": LESS,
  "*olicy: empty": LESS,
  "*Statement: left out": LESS,
  "*Statement: empty": LESS,
  "*Statement[0]: left out": LESS,
  "*Statement[0]: empty": LESS,
  "*.Effect: left out": LESS,
  "*.Effect: empty": LESS,
  "*.Effect: another text": LESS,
  "*.Action*: left out": LESS,
  "*.Action*: empty": LESS,
  "*.Action*: another text": "another name is a name",
};

/** {@link ALLOWS_LESS}, and the same of the resources that a statement is about. */
export const ALLOWS_LESS_OF_LESS: Readonly<Record<string, string>> = {
  ...ALLOWS_LESS,
  "*.Resource*: left out": LESS,
  "*.Resource*: empty": LESS,
  "*.Resource*: another text": "another name is a name",
};
