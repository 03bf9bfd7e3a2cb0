import { authorize, callerOf } from "../../api/authorize.ts";
import type { Demand } from "../../api/operation.ts";
import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Resource } from "../../core/definition.ts";
import { findRole, trustsCompute } from "../iam/roles.ts";
import { serverOf } from "./instance-server.ts";

/** Why what runs on the instance may not do something with the instance's own role, in AWS's words; undefined if it may. */
export function refusalOf(cloud: Cloud, instance: Resource, demand: Demand): string | undefined {
  const { roleArn } = serverOf(cloud, instance);
  const role = roleArn === undefined ? undefined : findRole(cloud, roleArn);
  if (roleArn === undefined || role === undefined) return "Unable to locate credentials: the instance has no instance profile";
  if (!trustsCompute(role)) return `EC2 cannot assume the role ${role.id}: its trust policy does not let ec2.amazonaws.com`;
  const session = { accessKeyId: "", secret: "", token: "", expires: 0, roleArn, sessionName: instance.id };
  try {
    authorize(cloud, callerOf(cloud, session), demand, instance.region);
    return undefined;
  } catch (error) {
    if (!(error instanceof CloudError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
