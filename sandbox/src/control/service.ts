/** The service of a resource type: `ec2` of `aws:ec2/vpc:Vpc`, `random` of `random:index/randomId:RandomId`. */
export function serviceOf(type: string): string {
  const [provider = "", module = ""] = type.split(":");
  const service = module.split("/")[0] ?? "";
  return service === "index" ? provider : service;
}
