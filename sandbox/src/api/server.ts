import type { Cloud } from "../core/cloud.ts";
import { cloudfrontApi } from "../services/cloudfront/api.ts";
import { autoscalingApi } from "../services/autoscaling/api.ts";
import { logsOperations } from "../services/cloudwatch/logs-api.ts";
import { MONITORING_QUERY_CODES, MONITORING_TIMESTAMPS, monitoringOperations } from "../services/cloudwatch/monitoring-api.ts";
import { iamApi } from "../services/iam/api.ts";
import { kmsOperations } from "../services/kms/api.ts";
import { rdsApi } from "../services/rds/api.ts";
import { answerS3 } from "../services/s3/api.ts";
import { secretsOperations } from "../services/secretsmanager/api.ts";
import { snsApi } from "../services/sns/api.ts";
import { SQS_QUERY_CODES, sqsOperations } from "../services/sqs/api.ts";
import { ssmOperations } from "../services/ssm/api.ts";
import { stsApi } from "../services/sts/api.ts";
import { serveApi, type Api, type ApiOptions, type Services } from "./endpoint.ts";

export type { Api, ApiOptions } from "./endpoint.ts";

const SERVICES: Services = {
  json: {
    kms: kmsOperations,
    logs: logsOperations,
    monitoring: monitoringOperations,
    secretsmanager: secretsOperations,
    sqs: sqsOperations,
    ssm: ssmOperations,
  },
  query: { autoscaling: autoscalingApi, iam: iamApi, rds: rdsApi, sns: snsApi, sts: stsApi },
  rest: { cloudfront: cloudfrontApi, s3: { answer: answerS3 } },
  cbor: { monitoring: { operations: monitoringOperations, timestamps: MONITORING_TIMESTAMPS } },
  queryCodes: { monitoring: MONITORING_QUERY_CODES, sqs: SQS_QUERY_CODES },
};

/** Serves every service of the sandbox that has an API; see {@link serveApi}. */
export function startApi(cloud: Cloud, port: number, options: ApiOptions = {}): Promise<Api> {
  return serveApi(cloud, port, SERVICES, options);
}
