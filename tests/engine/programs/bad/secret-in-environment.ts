import { Function } from "@pulumi/aws/lambda/function.js";

/** "Environment variables are encrypted at rest." And shown to whoever may look at the function. */
new Function("mailer", {
  role: "arn:aws:iam::123456789012:role/mailer",
  runtime: "nodejs16.x",
  handler: "index.handler",
  s3Bucket: "code",
  s3Key: "mailer.zip",
  environment: { variables: { SMTP_PASSWORD: "hunter2", LOG_LEVEL: "info" } },
  tags: { project: "shop" },
});
