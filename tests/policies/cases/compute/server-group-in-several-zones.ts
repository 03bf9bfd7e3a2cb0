import rule from "../../../../policies/rules/compute/server-group-in-several-zones.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const GROUP = "aws:autoscaling/group:Group";
const REFUSED = "AWS refuses what is no subnet and no zone";

export default casesOf(rule, {
  passes: {
    "a group in two subnets": { given: [GROUP, { vpcZoneIdentifiers: ["subnet-a", "subnet-b"] }] },
    "subnets that are made later": { given: [GROUP, { vpcZoneIdentifiers: [UNKNOWN, UNKNOWN] }] },
    "a group in two zones": { given: [GROUP, { availabilityZones: ["eu-central-1a", "eu-central-1b"] }] },
  },
  fails: {
    "a group in one subnet": {
      given: [GROUP, { vpcZoneIdentifiers: ["subnet-a"] }],
      says: "the group names 1 subnet; it must name at least 2, each of a zone of its own.",
    },
    "a group in one zone": {
      given: [GROUP, { availabilityZones: ["eu-central-1a"] }],
      says: "the group names 1 zone; it must name at least 2, each of a zone of its own.",
    },
    "a group that names neither": {
      given: [GROUP, { vpcZoneIdentifiers: [] }],
      says: "the group names no subnet; it must name at least 2, each of a zone of its own.",
    },
  },
  unknown: { "a list that is not known": { given: [GROUP, { vpcZoneIdentifiers: UNKNOWN }], open: "vpcZoneIdentifiers" } },
  survives: { "vpcZoneIdentifiers[*]: *": REFUSED, "availabilityZones[*]: *": REFUSED },
});
