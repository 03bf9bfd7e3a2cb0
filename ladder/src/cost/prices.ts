import ec2Hourly from "./ec2-hourly.json" with { type: "json" };

/**
 * What AWS charges in Frankfurt (eu-central-1), in USD, on demand, without tax. Other regions differ by up to some 20 %.
 *
 * Source: the price pages of each service, and Apache Libcloud 3.9.1's `pricing.json` (2025-03-02) for EC2.
 */
export const PRICES = {
  /** When the pages were read. */
  asOf: "2026-11-25",
  region: "eu-central-1",
  /** A month as AWS counts it, in hours. */
  hours: 730,
  /** An hour of an instance by its type. */
  ec2: ec2Hourly as Readonly<Record<string, number>>,
  /** A GB and month of a gp3 volume. */
  gp3Gb: 0.0952,
  /** An hour of a public IPv4 address. */
  publicIpv4: 0.005,
  /** An hour of an Aurora capacity unit, Serverless v2. */
  auroraAcu: 0.14,
  /** An hour of RDS Proxy for each ACU of its database, of which eight are charged at least. */
  proxyAcu: 0.018,
  proxyLeastAcu: 8,
  /** An hour of an Application Load Balancer, and of the one capacity unit that a small load takes. */
  loadBalancer: 0.027,
  loadBalancerUnit: 0.008,
  /** An hour of a NAT gateway. */
  natGateway: 0.052,
  /** An hour of an interface endpoint in one zone. */
  interfaceEndpoint: 0.012,
  /** An hour of a node of ElastiCache for Valkey by its type. */
  valkeyNode: {
    "cache.t4g.micro": 0.0152,
    "cache.t4g.small": 0.0304,
    "cache.t4g.medium": 0.0608,
    "cache.m7g.large": 0.1528,
    "cache.r7g.large": 0.2104,
  } as Readonly<Record<string, number>>,
  /** A month of a web ACL, and of each of its rules. */
  webAcl: 5,
  webAclRule: 1,
  /** A month of a key, a secret, an alarm on one metric, a dashboard, a health check. */
  kmsKey: 1,
  secret: 0.4,
  alarmMetric: 0.1,
  dashboard: 3,
  healthCheck: 0.75,
} as const;
