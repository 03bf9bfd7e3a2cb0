import rule from "../../../../policies/rules/compute/instance-metadata-v2.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const INSTANCE = "aws:ec2/instance:Instance";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const OTHER_TEMPLATE = "an instance follows its launch template, whichever that is; the template is asked itself";

export default casesOf(rule, {
  passes: {
    "a launch template that asks for session tokens": { given: [TEMPLATE, { metadataOptions: { httpTokens: "required" } }] },
    "an instance that asks for session tokens": { given: [INSTANCE, { metadataOptions: { httpTokens: "required" } }] },
    "a launch configuration that asks for session tokens": {
      given: [CONFIGURATION, { metadataOptions: { httpTokens: "required" } }],
    },
    "an instance without a metadata service": { given: [INSTANCE, { metadataOptions: { httpEndpoint: "disabled" } }] },
    "an instance that follows its launch template": { given: [INSTANCE, { launchTemplate: { id: "lt-1" } }] },
  },
  fails: {
    "an instance that does not ask for them": {
      given: [INSTANCE, { metadataOptions: { httpTokens: "optional" } }],
      says: 'metadataOptions.httpTokens is "optional"; it must be "required".',
    },
    "a launch template that says nothing": {
      given: [TEMPLATE, {}],
      says: 'metadataOptions.httpTokens is nothing; it must be "required".',
    },
    "a launch configuration that says nothing": {
      given: [CONFIGURATION, {}],
      says: 'metadataOptions.httpTokens is nothing; it must be "required".',
    },
    "an instance whose own options win over its template": {
      given: [INSTANCE, { launchTemplate: { id: "lt-1" }, metadataOptions: { httpTokens: "optional" } }],
      says: 'metadataOptions.httpTokens is "optional"; it must be "required".',
    },
  },
  unknown: {
    "options that are not known": { given: [TEMPLATE, { metadataOptions: UNKNOWN }], open: "metadataOptions" },
    "tokens that are not known": {
      given: [INSTANCE, { metadataOptions: { httpTokens: UNKNOWN } }],
      open: "metadataOptions.httpTokens",
    },
  },
  survives: {
    "launchTemplate.id: unknown": OTHER_TEMPLATE,
    "launchTemplate.id: empty": OTHER_TEMPLATE,
    "launchTemplate.id: another text": OTHER_TEMPLATE,
  },
});
