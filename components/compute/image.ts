/** A repository of Amazon's container registry (ECR). */
export interface EcrRepository {
  readonly arn: string;
  /** The registry's host, by which credentials are looked up. */
  readonly host: string;
}

/** Which ECR repository an image comes from; undefined for an image of any other registry. */
export function ecrRepository(image: string): EcrRepository | undefined {
  const match = /^((\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com)\/([^:@]+)/.exec(image);
  if (match === null) return undefined;
  const [, host = "", account = "", region = "", repository = ""] = match;
  return { host, arn: `arn:aws:ecr:${region}:${account}:repository/${repository}` };
}
