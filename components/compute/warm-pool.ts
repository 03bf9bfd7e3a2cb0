import type { GroupArgs } from "@pulumi/aws/autoscaling/group.js";
import type { Statement } from "../shared/iam.ts";
import type { WrittenFile } from "./cloud-init.ts";
import { APP_PORT } from "./server-units.ts";

/** A group whose servers are set up before they are needed, and stand stopped until then. */
export interface WarmPool {
  readonly region: string;
  readonly groupName: string;
  /** The lifecycle hook that holds a server until it says that it is set up. */
  readonly hookName: string;
}

/** Seconds that a server has to set itself up before its group gives it up. */
export const SET_UP_SECONDS = 600;

const SCRIPT = "/usr/local/bin/set-up";

/** A pool of just so many servers: the least and the most are the same (Amazon EC2 Auto Scaling API Reference, PutWarmPool). */
export function warmPoolOf(servers: number): NonNullable<GroupArgs["warmPool"]> {
  return { poolState: "Stopped", minSize: servers, maxGroupPreparedCapacity: servers };
}

/** What a server may do so that it can say that it is set up. */
export function sayReady({ groupName, region }: WarmPool): Statement {
  return {
    Sid: "SayThatItIsSetUp",
    Action: "autoscaling:CompleteLifecycleAction",
    Resource: `arn:aws:autoscaling:${region}:*:autoScalingGroup:*:autoScalingGroupName/${groupName}`,
  };
}

/**
 * What a server of such a group is given beside its containers: a unit that waits for the product at each start and then tells the group. Told too early, the group would stop the
 * server in the middle of its setup; not told, it takes the server for one that failed.
 */
export function setUpFiles(pool: WarmPool): WrittenFile[] {
  return [
    { path: SCRIPT, permissions: "0755", content: script(pool) },
    { path: "/etc/systemd/system/set-up.service", permissions: "0644", content: unit() },
  ];
}

/** Starts that unit, and does not wait for it: cloud-init would wait for itself. */
export const START_SET_UP = "systemctl enable --now --no-block set-up";

function script({ groupName, hookName, region }: WarmPool): string {
  const names = `--auto-scaling-group-name ${groupName} --lifecycle-hook-name ${hookName}`;
  return [
    "#!/bin/bash",
    "set -euo pipefail",
    `curl --fail --silent --output /dev/null --retry 100 --retry-all-errors --retry-delay 3 http://127.0.0.1:${APP_PORT}/readyz`,
    "instance=$(ec2-metadata --quiet --instance-id)",
    "# After a plain restart no group waits for an answer, which is no fault.",
    `aws autoscaling complete-lifecycle-action --region ${region} ${names} --lifecycle-action-result CONTINUE --instance-id "$instance" || true`,
    "",
  ].join("\n");
}

function unit(): string {
  return [
    "[Unit]",
    "Description=Tells the group that the server is set up",
    "After=app.service",
    "",
    "[Service]",
    "Type=oneshot",
    `TimeoutStartSec=${SET_UP_SECONDS}`,
    `ExecStart=${SCRIPT}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
    "",
  ].join("\n");
}
