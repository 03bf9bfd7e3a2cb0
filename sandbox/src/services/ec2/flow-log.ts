import type { Cloud } from "../../core/cloud.ts";
import { CloudError } from "../../core/definition.ts";
import type { Operation, ResourceDefinition } from "../../core/definition.ts";
import { newId } from "../../core/ids.ts";
import { text } from "../../core/values.ts";
import { arnOf, given, oneOf } from "../limits.ts";
import { BUCKET } from "../s3/buckets.ts";
import { ec2Arn, names } from "./network-errors.ts";
import { SUBNET } from "./subnet.ts";
import { VPC } from "./vpc.ts";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
const SOURCES = ["vpcId", "subnetId", "eniId"];
const UNSERVED_SOURCES = ["transitGatewayId", "transitGatewayAttachmentId", "regionalNatGatewayId"];

/** The services whose ARN a destination of that type must have. */
const DESTINATION: Readonly<Record<string, string>> = {
  "cloud-watch-logs": "logs",
  s3: "s3",
  "kinesis-data-firehose": "firehose",
};

function check({ cloud, inputs }: Operation): void {
  const sources = given(inputs, [...SOURCES, ...UNSERVED_SOURCES]);
  if (sources.length !== 1) {
    throw new CloudError(
      "InvalidParameter",
      `exactly one of ${SOURCES.join(", ")} must be given (given: ${sources.join(", ") || "none"})`,
    );
  }
  const [source] = sources;
  if (source !== undefined && UNSERVED_SOURCES.includes(source))
    throw new CloudError("InvalidParameter", `flow logs of ${source} are not served by the sandbox`);
  if (text(inputs, "trafficType") === "")
    throw new CloudError("MissingParameter", "The request must contain the parameter TrafficType: ACCEPT, REJECT or ALL");
  const type = text(inputs, "logDestinationType");
  const destination = text(inputs, "logDestination");
  if (destination === "") throw new CloudError("MissingParameter", "The request must contain the parameter LogDestination");
  if (arnOf(DESTINATION[type] ?? "")(destination, inputs) !== undefined) {
    throw new CloudError("InvalidParameter", `LogDestination ${destination} is not an ARN that LogDestinationType ${type} takes`);
  }
  refuseMissingBucket(cloud, destination);
  if (type === "cloud-watch-logs" && text(inputs, "iamRoleArn") === "") {
    throw new CloudError(
      "InvalidParameter",
      "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
    );
  }
  const value = text(inputs, source ?? "");
  const twin = cloud.world
    .all(FLOW_LOG)
    .find(
      (row) =>
        text(row.outputs, source ?? "") === value &&
        text(row.outputs, "logDestination") === destination &&
        row.outputs["trafficType"] === inputs["trafficType"],
    );
  if (twin !== undefined)
    throw new CloudError(
      "FlowLogAlreadyExists",
      "There is an existing Flow Log with the same configuration and log destination.",
    );
}

/** A log group is made where there is none; a bucket must be there. */
function refuseMissingBucket(cloud: Cloud, destination: string): void {
  const bucket = /^arn:[^:]*:s3:::([^/]+)/.exec(destination)?.[1];
  if (bucket === undefined || cloud.world.get(BUCKET, bucket) !== undefined) return;
  throw new CloudError("LogDestinationNotFound", `LogDestination: ${bucket} does not exist`);
}

/** Writes down who talked to whom in a VPC or subnet. */
export const flowLog: ResourceDefinition = {
  type: FLOW_LOG,
  replaceOn: [
    "deliverCrossAccountRole",
    "destinationOptions",
    "eniId",
    "iamRoleArn",
    "logDestination",
    "logDestinationType",
    "logFormat",
    "maxAggregationInterval",
    "subnetId",
    "trafficType",
    "transitGatewayAttachmentId",
    "transitGatewayId",
    "vpcId",
  ],
  defaults: { logDestinationType: "cloud-watch-logs", maxAggregationInterval: 600 },
  limits: {
    iamRoleArn: arnOf("iam"),
    logDestinationType: oneOf(...Object.keys(DESTINATION)),
    maxAggregationInterval: oneOf(60, 600),
    trafficType: oneOf("ACCEPT", "REJECT", "ALL"),
  },
  references: [
    names("vpcId", VPC),
    names("subnetId", SUBNET),
    {
      path: "iamRoleArn",
      to: "aws:iam/role:Role",
      by: ["arn"],
      missing: (role) => new CloudError("InvalidParameter", `Access error: the role ${role} does not exist`),
    },
  ],
  create: (operation) => {
    check(operation);
    const id = newId("fl");
    const format =
      "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}";
    return { id, outputs: { arn: ec2Arn(operation, `vpc-flow-log/${id}`), logFormat: operation.inputs["logFormat"] ?? format } };
  },
};
