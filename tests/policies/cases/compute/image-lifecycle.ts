import rule from "../../../../policies/rules/compute/image-lifecycle.ts";
import { casesOf, ref, UNKNOWN } from "../../support/cases.ts";

const REPOSITORY = "aws:ecr/repository:Repository";
const POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const says = "shop: the repository has no LifecyclePolicy; it must have one.";

export default casesOf(rule, {
  passes: {
    "a repository with a lifecycle": {
      given: { shop: [REPOSITORY, {}], old: [POLICY, { repository: ref("shop", "name") }] },
    },
  },
  fails: {
    "a repository without one": { given: { shop: [REPOSITORY, {}] }, says },
    "a repository beside the lifecycle of another": {
      given: { shop: [REPOSITORY, { name: "shop" }], old: [POLICY, { repository: "bills" }] },
      says,
    },
  },
  unknown: {
    "a lifecycle of which nobody knows whose it is": {
      given: { shop: [REPOSITORY, {}], old: [POLICY, { repository: UNKNOWN }] },
      open: "shop: old.repository",
    },
  },
});
