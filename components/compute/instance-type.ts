/** Whether an instance type has a processor that saves up credits: the T families. */
export function isBurstable(instanceType: string): boolean {
  return /^t\d/.test(instanceType);
}

/** The processor of an instance type, which its image must fit: `arm64` for Graviton, whose families have a g behind their number, else `x86_64`. */
export function architecture(instanceType: string): "arm64" | "x86_64" {
  return /^(a1|[a-z]+\d+[a-z]*g[a-z]*)\./.test(instanceType) ? "arm64" : "x86_64";
}
