/**
 * Whether an action is a scaling policy. Such a policy acts as long as the alarm is in the state that names it, once a minute (CloudWatch user guide, "Alarm actions"), so
 * Auto Scaling looks at the alarm, and the alarm does nothing.
 */
export function isScalingAction(action: string): boolean {
  return /^arn:aws[\w-]*:autoscaling:[\w-]+:\d{12}:scalingPolicy:.+$/.test(action);
}
