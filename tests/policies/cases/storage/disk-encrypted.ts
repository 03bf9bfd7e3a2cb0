import rule from "../../../../policies/rules/storage/disk-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const VOLUME = "aws:ebs/volume:Volume";
const INSTANCE = "aws:ec2/instance:Instance";
const CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const ANY_TEMPLATE = "an instance follows its launch template, whichever that is; the template is asked itself";
const NO_DISK = "what is no disk needs no encryption, whatever it is called";

export default casesOf(rule, {
  passes: {
    "an encrypted volume": { given: [VOLUME, { encrypted: true }] },
    "an instance with encrypted disks": {
      given: [INSTANCE, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] }],
    },
    "a launch configuration with encrypted disks": {
      given: [CONFIGURATION, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }] }],
    },
    "an instance that follows its launch template": { given: [INSTANCE, { launchTemplate: { id: "lt-1" } }] },
    "a launch template with an encrypted disk": { given: [TEMPLATE, { blockDeviceMappings: [{ ebs: { encrypted: "true" } }] }] },
    "a launch template that also maps what is no disk": {
      given: [
        TEMPLATE,
        { blockDeviceMappings: [{ ebs: { encrypted: "true" } }, { noDevice: "true" }, { virtualName: "ephemeral0" }] },
      ],
    },
  },
  fails: {
    "a volume that is not encrypted": { given: [VOLUME, { encrypted: false }], says: "encrypted is false; it must be true." },
    "a volume that says nothing of it": { given: [VOLUME, {}], says: "encrypted is nothing; it must be true." },
    "an instance that says nothing of its root disk": {
      given: [INSTANCE, {}],
      says: "rootBlockDevice.encrypted is nothing; it must be true.",
    },
    "an instance with one disk that is not encrypted": {
      given: [INSTANCE, { rootBlockDevice: { encrypted: true }, ebsBlockDevices: [{ encrypted: true }, {}] }],
      says: "ebsBlockDevices[1].encrypted is nothing; it must be true.",
    },
    "a launch configuration that says nothing of its root disk": {
      given: [CONFIGURATION, {}],
      says: "rootBlockDevice.encrypted is nothing; it must be true.",
    },
    "a launch template without mappings": {
      given: [TEMPLATE, { blockDeviceMappings: [] }],
      says: "blockDeviceMappings is nothing, so the root disk is as the image has it; it must map that disk with ebs.encrypted true.",
    },
    "a launch template with a disk that is not encrypted": {
      given: [TEMPLATE, { blockDeviceMappings: [{ ebs: { encrypted: "false" } }] }],
      says: 'blockDeviceMappings[0].ebs.encrypted is "false"; it must be true.',
    },
  },
  unknown: {
    "an instance of which one disk is wrong and one is not known": {
      given: [INSTANCE, { rootBlockDevice: { encrypted: UNKNOWN }, ebsBlockDevices: [{ encrypted: false }] }],
      open: "rootBlockDevice.encrypted",
      says: "ebsBlockDevices[0].encrypted is false; it must be true.",
    },
    "a launch template with mappings that are not known": {
      given: [TEMPLATE, { blockDeviceMappings: UNKNOWN }],
      open: "blockDeviceMappings",
    },
  },
  survives: {
    "launchTemplate.id: unknown": ANY_TEMPLATE,
    "launchTemplate.id: empty": ANY_TEMPLATE,
    "launchTemplate.id: another text": ANY_TEMPLATE,
    "ebsBlockDevices: left out": "an instance without further disks has none to encrypt",
    "ebsBlockDevices: empty": "an instance without further disks has none to encrypt",
    "ebsBlockDevices[0]: left out": "an instance without further disks has none to encrypt",
    "blockDeviceMappings[1]: left out": "the disk is still mapped",
    "blockDeviceMappings[2]: left out": "the disk is still mapped",
    "blockDeviceMappings[1].noDevice: another text": NO_DISK,
    "blockDeviceMappings[2].virtualName: another text": NO_DISK,
    "blockDeviceMappings[0]: left out": "the other mappings may be meant to leave the root disk alone",
  },
});
