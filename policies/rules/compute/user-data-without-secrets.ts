import type { InstanceArgs } from "@pulumi/aws/ec2/instance.js";
import type { LaunchConfigurationArgs } from "@pulumi/aws/ec2/launchConfiguration.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/launchTemplate.js";
import type { Check } from "../../framework/check.ts";
import type { Property } from "../../framework/property.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";
import { secretIn } from "../../shared/secrets.ts";

export default rule({
  id: "user-data-without-secrets",
  title: "The start-up script of a server holds no secret",
  severity: "critical",
  description:
    "User data is readable by every program on the server, by everyone who may describe the instance, and in the state of the stack.",
  remediation: "Have the script read the secret from Secrets Manager or Parameter Store by the role of the server.",
  controls: { wellArchitected: ["SEC02"] },
  resources: {
    "aws:ec2/instance:Instance": either,
    "aws:ec2/launchConfiguration:LaunchConfiguration": either,
    "aws:ec2/launchTemplate:LaunchTemplate": (template: Resource<LaunchTemplateArgs>, check) => {
      judge(template.at("userData"), check, decodedText);
    },
  },
});

function either(server: Resource<InstanceArgs | LaunchConfigurationArgs>, check: Check<unknown>): void {
  judge(server.at("userData"), check, String);
  judge(server.at("userDataBase64"), check, decodedText);
}

function judge(data: Property<string>, { apart, fail }: Check<unknown>, decode: (text: string) => string): void {
  apart(() => {
    const found = secretIn(decode(data.value ?? ""));
    // The message must not show the secret itself, so it shows no part of the script.
    if (found !== undefined) fail(data, `${data.path} holds what looks like ${found}`, "it must hold no secret");
  });
}

function decodedText(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
