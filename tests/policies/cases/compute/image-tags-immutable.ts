import rule from "../../../../policies/rules/compute/image-tags-immutable.ts";
import { casesOf } from "../../support/cases.ts";
import { choiceCases } from "../../support/values.ts";

export default casesOf(
  rule,
  choiceCases("aws:ecr/repository:Repository", "a repository", "imageTagMutability", {
    right: ["IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"],
    wrong: "MUTABLE",
    leftOut: "MUTABLE",
  }),
);
