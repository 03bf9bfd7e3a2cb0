/** An ARN that AWS itself owns, such as `arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore`. */
export function isManagedPolicyArn(arn: string): boolean {
  return /^arn:aws[a-z-]*:iam::aws:policy\/([A-Za-z0-9-]+\/)*[\w+=,.@-]+$/.test(arn);
}

/**
 * The text of an AWS-managed policy, for the ones a workload of these stages needs; undefined for the others, which then grant nothing here.
 * Source: the AWS Managed Policy Reference Guide, page of each policy.
 */
export function managedPolicy(arn: string): string | undefined {
  const name = /^arn:aws[a-z-]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  const actions = name === undefined || !Object.hasOwn(ACTIONS, name) ? undefined : ACTIONS[name];
  if (actions === undefined) return undefined;
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
}

const SSM_MESSAGES = ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"];
const EC2_MESSAGES = ["AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply"];
const SSM_CORE = [
  "DescribeAssociation",
  "GetDeployablePatchSnapshotForInstance",
  "GetDocument",
  "DescribeDocument",
  "GetManifest",
  "GetParameter",
  "GetParameters",
  "ListAssociations",
  "ListInstanceAssociations",
  "PutInventory",
  "PutComplianceItems",
  "PutConfigurePackageResult",
  "UpdateAssociationStatus",
  "UpdateInstanceAssociationStatus",
  "UpdateInstanceInformation",
];

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ["*"],
  AmazonSSMManagedInstanceCore: [
    ...SSM_CORE.map((action) => `ssm:${action}`),
    ...SSM_MESSAGES.map((action) => `ssmmessages:${action}`),
    ...EC2_MESSAGES.map((action) => `ec2messages:${action}`),
  ],
  CloudWatchAgentServerPolicy: [
    "cloudwatch:PutMetricData",
    "ec2:DescribeVolumes",
    "ec2:DescribeTags",
    "logs:PutLogEvents",
    "logs:PutRetentionPolicy",
    "logs:DescribeLogStreams",
    "logs:DescribeLogGroups",
    "logs:CreateLogStream",
    "logs:CreateLogGroup",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
  ],
};
