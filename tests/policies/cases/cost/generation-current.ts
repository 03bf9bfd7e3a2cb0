import rule from "../../../../policies/rules/cost/generation-current.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const KINDS: Readonly<Record<string, readonly [input: string, now: string, before: string]>> = {
  "aws:ec2/instance:Instance": ["instanceType", "t4g.small", "t2.small"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["instanceType", "m8g.large", "m4.large"],
  "aws:rds/instance:Instance": ["instanceClass", "db.t4g.small", "db.t2.small"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["nodeType", "cache.r7g.large", "cache.r3.large"],
};
const VOLUME = "aws:ebs/volume:Volume";
const NONE = "AWS refuses what is no kind, or takes one of today";

export default casesOf(rule, {
  passes: {
    ...Object.fromEntries(
      Object.entries(KINDS).map(([type, [input, now]]) => [
        `${input} ${now} of ${type}`,
        { given: [type, { [input]: now }] as const },
      ]),
    ),
    "a disk of today": { given: [VOLUME, { type: "gp3" }] },
  },
  fails: {
    ...Object.fromEntries(
      Object.entries(KINDS).map(([type, [input, , before]]) => [
        `${input} ${before} of ${type}`,
        {
          given: [type, { [input]: before }] as const,
          says: `${input} is "${before}"; it must be of a generation that is still made.`,
        },
      ]),
    ),
    "a disk of old": { given: [VOLUME, { type: "io1" }], says: 'type is "io1"; it must be of a later kind, such as io2.' },
    "a disk that says nothing of it": {
      given: [VOLUME, {}],
      says: 'type is nothing, which means "gp2"; it must be of a later kind, such as gp3.',
    },
  },
  unknown: { "a type that is chosen later": { given: [VOLUME, { type: UNKNOWN }], open: "type" } },
  survives: {
    "instanceType: *": NONE,
    "instanceClass: *": NONE,
    "nodeType: *": NONE,
    "type: empty": NONE,
    "type: another text": NONE,
  },
});
