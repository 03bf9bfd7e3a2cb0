import type { VolumeArgs } from "@pulumi/aws/ebs/volume.js";
import type { InstanceArgs } from "@pulumi/aws/ec2/instance.js";
import type { LaunchConfigurationArgs } from "@pulumi/aws/ec2/launchConfiguration.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import { beTrue } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "disk-encrypted",
  title: "The disks of servers are encrypted at rest",
  severity: "high",
  description: "Unencrypted disks let whoever gets hold of a volume or a snapshot read what the server wrote.",
  remediation:
    "Set encrypted to true on the volume, the block device or the block device mapping. A volume that exists is encrypted by copying it.",
  controls: { fsbp: ["EC2.3", "EC2.181"], wellArchitected: ["SEC08"] },
  resources: {
    "aws:ebs/volume:Volume": (volume: Resource<VolumeArgs>, { must }) => must(volume.at("encrypted"), beTrue),
    "aws:ec2/instance:Instance": (instance: Resource<InstanceArgs>, { apart, each, must }) => {
      apart(() => {
        // Without a root disk of its own an instance follows its launch template, which is checked itself.
        if (instance.at("rootBlockDevice").isSet || !instance.at("launchTemplate").isSet)
          must(instance.at("rootBlockDevice", "encrypted"), beTrue);
      });
      each(instance.at("ebsBlockDevices"), (disk) => must(disk.at("encrypted"), beTrue));
    },
    "aws:ec2/launchConfiguration:LaunchConfiguration": (configuration: Resource<LaunchConfigurationArgs>, { each, must }) => {
      must(configuration.at("rootBlockDevice", "encrypted"), beTrue);
      each(configuration.at("ebsBlockDevices"), (disk) => must(disk.at("encrypted"), beTrue));
    },
    "aws:ec2/launchTemplate:LaunchTemplate": (template: Resource<LaunchTemplateArgs>, { each, fail, must }) => {
      const mappings = template.at("blockDeviceMappings");
      if (!mappings.isSet)
        fail(
          mappings,
          "blockDeviceMappings is nothing, so the root disk is as the image has it",
          "it must map that disk with ebs.encrypted true",
        );
      each(mappings, (mapping) => {
        const isDisk = !mapping.at("noDevice").isSet && !mapping.at("virtualName").isSet;
        if (isDisk) must(mapping.at("ebs", "encrypted"), beTrue);
      });
    },
  },
});
