/** Whether an instance type has a processor that saves up credits: the T families. */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(instanceType);
}
