import type { FunctionDefinition, ResourceDefinition } from "../core/definition.ts";
import { accountFunctions } from "./account/index.ts";
import { acmDefinitions } from "./acm/index.ts";
import { appautoscalingDefinitions } from "./appautoscaling/index.ts";
import { autoscalingDefinitions } from "./autoscaling/index.ts";
import { backupDefinitions } from "./backup/index.ts";
import { budgetsDefinitions } from "./budgets/index.ts";
import { cloudfrontDefinitions } from "./cloudfront/index.ts";
import { cloudtrailDefinitions } from "./cloudtrail/index.ts";
import { cloudwatchDefinitions } from "./cloudwatch/index.ts";
import { ec2Definitions } from "./ec2/index.ts";
import { elasticacheDefinitions } from "./elasticache/index.ts";
import { elbv2Definitions } from "./elbv2/index.ts";
import { guarddutyDefinitions } from "./guardduty/index.ts";
import { iamDefinitions } from "./iam/index.ts";
import { kmsDefinitions } from "./kms/index.ts";
import { randomDefinitions } from "./random/index.ts";
import { rdsDefinitions } from "./rds/index.ts";
import { route53Definitions } from "./route53/index.ts";
import { s3Definitions } from "./s3/index.ts";
import { secretsmanagerDefinitions } from "./secretsmanager/index.ts";
import { snsDefinitions } from "./sns/index.ts";
import { sqsDefinitions } from "./sqs/index.ts";
import { ssmDefinitions } from "./ssm/index.ts";
import { wafv2Definitions } from "./wafv2/index.ts";

/** Every resource type that the sandbox serves. `npm run sandbox:schema` must be run after a change. */
export const definitions: readonly ResourceDefinition[] = [
  ...acmDefinitions,
  ...appautoscalingDefinitions,
  ...autoscalingDefinitions,
  ...backupDefinitions,
  ...budgetsDefinitions,
  ...cloudfrontDefinitions,
  ...cloudtrailDefinitions,
  ...cloudwatchDefinitions,
  ...ec2Definitions,
  ...elasticacheDefinitions,
  ...elbv2Definitions,
  ...guarddutyDefinitions,
  ...iamDefinitions,
  ...kmsDefinitions,
  ...randomDefinitions,
  ...rdsDefinitions,
  ...route53Definitions,
  ...s3Definitions,
  ...secretsmanagerDefinitions,
  ...snsDefinitions,
  ...sqsDefinitions,
  ...ssmDefinitions,
  ...wafv2Definitions,
];

/** Every provider function that it answers. */
export const functions: readonly FunctionDefinition[] = accountFunctions;
