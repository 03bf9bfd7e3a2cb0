import rule from "../../../../policies/rules/hygiene/resource-tagged.ts";
import { casesOf, forEach, UNKNOWN } from "../../support/cases.ts";

const TYPES = [...rule.checks.keys()];
const SERVER = "aws:ec2/instance:Instance";
const ANY = "any tag will do";

export default casesOf(rule, {
  passes: {
    ...forEach(TYPES, "a %s with a tag", (type) => ({ given: [type, { tags: { project: "shop" } }] })),
    "a server with the tags that the project wants": {
      given: [SERVER, { tags: { project: "shop", owner: "team-shop" } }],
      config: { keys: ["project", "owner"] },
    },
  },
  fails: {
    "a server without tags": { given: [SERVER, {}], says: "the resource has no tags; it must have some." },
    ...forEach(TYPES, "a %s with no tag in its list", (type) => ({
      given: [type, { tags: {} }],
      says: "the resource has no tags; it must have some.",
    })),
    "a server without some of the tags that the project wants": {
      given: [SERVER, { tags: { project: "shop", owner: "" } }],
      config: { keys: ["project", "owner", "environment"] },
      says: "the tags owner, environment are missing; the resource must carry them.",
    },
  },
  unknown: { "tags that are decided later": { given: [SERVER, { tags: UNKNOWN }], open: "tags" } },
  survives: { "tags.*: *": ANY },
});
