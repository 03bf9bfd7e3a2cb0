import rule from "../../../../policies/rules/detection/configuration-recorded.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const RECORDER = "aws:cfg/recorder:Recorder";
const status = (isEnabled: unknown, name: unknown = ref("recorder", "name")): FixtureResource => [
  "aws:cfg/recorderStatus:RecorderStatus",
  { name, isEnabled },
];
const says = "recorder: the recorder has no RecorderStatus, so it is off; it must have one.";

export default casesOf(rule, {
  passes: { "a recorder that is on": { given: { recorder: [RECORDER, {}], on: status(true) } } },
  fails: {
    "a recorder that nobody switches on": { given: { recorder: [RECORDER, {}] }, says },
    "a recorder beside the switch of another": {
      given: { recorder: [RECORDER, { name: "main" }], on: status(true, "other") },
      says,
    },
    "a recorder that is off": {
      given: { recorder: [RECORDER, {}], on: status(false) },
      says: "recorder: on.isEnabled is false; it must be true.",
    },
  },
  unknown: {
    "a switch of which nobody knows whose it is": {
      given: { recorder: [RECORDER, {}], on: status(true, UNKNOWN) },
      open: "recorder: on.name",
    },
    "a switch that is decided later": {
      given: { recorder: [RECORDER, {}], on: status(UNKNOWN) },
      open: "recorder: on.isEnabled",
    },
  },
});
