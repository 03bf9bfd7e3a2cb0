import rule from "../../../../policies/rules/database/search-not-public.ts";
import { casesOf } from "../../support/cases.ts";
import { setCases } from "../../support/values.ts";

export default casesOf(rule, {
  ...setCases("aws:opensearch/domain:Domain", "a domain", "vpcOptions.subnetIds", {
    value: ["subnet-a"],
    wanted: "name private subnets",
  }),
  survives: { "vpcOptions.subnetIds[0]: *": "AWS refuses what is no subnet" },
});
