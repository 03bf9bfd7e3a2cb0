import { rule } from "../../framework/rule.ts";
import { ofDeprecated, stillUsed } from "../../shared/deprecated.ts";

/** Classes of @pulumi/aws 7 that are deprecated, with those that take their place (the deprecation notes in the SDK itself). */
const SUCCESSORS: Readonly<Record<string, string>> = {
  "aws:alb/listener:Listener": "aws.lb.Listener",
  "aws:alb/listenerCertificate:ListenerCertificate": "aws.lb.ListenerCertificate",
  "aws:alb/listenerRule:ListenerRule": "aws.lb.ListenerRule",
  "aws:alb/loadBalancer:LoadBalancer": "aws.lb.LoadBalancer",
  "aws:alb/targetGroup:TargetGroup": "aws.lb.TargetGroup",
  "aws:alb/targetGroupAttachment:TargetGroupAttachment": "aws.lb.TargetGroupAttachment",
  ...Object.fromEntries(
    [
      "AccelerateConfiguration",
      "Acl",
      "CorsConfiguration",
      "LifecycleConfiguration",
      "Logging",
      "ObjectLockConfiguration",
      "RequestPaymentConfiguration",
      "ServerSideEncryptionConfiguration",
      "Versioning",
      "WebsiteConfiguration",
      "",
    ].map((name) => [`aws:s3/bucket${name}V2:Bucket${name}V2`, `aws.s3.Bucket${name}`]),
  ),
};

export default rule({
  id: "class-current",
  title: "No resource is of a deprecated class",
  severity: "low",
  description: "A deprecated class is gone with the next major version of the provider, and until then gets no new inputs.",
  remediation: "Use the class that the message names; with aliases, or a class that names itself, nothing is replaced.",
  controls: { wellArchitected: ["OPS05"] },
  level: "advisory",
  config: stillUsed,
  resources: ofDeprecated(SUCCESSORS),
});
