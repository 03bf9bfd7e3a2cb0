import type { Cloud } from "../../core/cloud.ts";
import { text } from "../../core/values.ts";
import { WEB_ACL_ASSOCIATION } from "./names.ts";

/** The ARN of the web ACL before a load balancer; undefined where none stands. One that was put there later takes the place of the one before. */
export function webAclOf({ world }: Pick<Cloud, "world">, resourceArn: string): string | undefined {
  const [latest] = world
    .all(WEB_ACL_ASSOCIATION)
    .filter((row) => row.phase !== "deleting" && text(row.inputs, "resourceArn") === resourceArn)
    .reverse();
  return latest === undefined ? undefined : text(latest.inputs, "webAclArn");
}
