import rule from "../../../../policies/rules/detection/trail-in-log-group.ts";
import { casesOf, ref } from "../../support/cases.ts";
import { together } from "../../support/switches.ts";
import { setCases } from "../../support/values.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";

export default casesOf(
  rule,
  together(
    setCases(TRAIL, "a trail", "cloudWatchLogsGroupArn", {
      value: "arn:aws:logs:eu-central-1:1:log-group:trail:*",
      wanted: "name a log group",
    }),
    {
      passes: {
        "a log group that is made in the same program": {
          given: {
            logs: ["aws:cloudwatch/logGroup:LogGroup", {}],
            trail: [TRAIL, { cloudWatchLogsGroupArn: ref("logs", "arn") }],
          },
          cannotBreak: "the first case shows what happens without the log group",
        },
      },
      fails: {},
      unknown: {},
    },
  ),
);
