/** What a cloud computes for the types whose outputs our components read; only recognisable, not real. */
export function computedOutputs(type: string, name: string): Readonly<Record<string, unknown>> {
  const computed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "aws:acm/certificate:Certificate": {
      domainValidationOptions: ["shop.example.com", "origin.shop.example.com"].map((domainName) => ({
        domainName,
        resourceRecordName: `_proof.${domainName}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_value.${domainName}.acm-validations.aws.`,
      })),
    },
    "aws:cloudfront/distribution:Distribution": { domainName: `${name}.cloudfront.test`, hostedZoneId: "Z2FDTNDATAQYW2" },
    "aws:ec2/eip:Eip": { publicIp: "203.0.113.10" },
    "aws:ec2/instance:Instance": { primaryNetworkInterfaceId: `${name}-card` },
    "aws:ec2/launchTemplate:LaunchTemplate": { latestVersion: 1 },
    "aws:elasticache/replicationGroup:ReplicationGroup": {
      primaryEndpointAddress: `master.${name}.test.euc1.cache.amazonaws.com`,
    },
    "aws:kms/key:Key": { keyId: `${name}-id` },
    "aws:lb/loadBalancer:LoadBalancer": {
      arnSuffix: `app/${name}/0123456789abcdef`,
      dnsName: `${name}-0123456789.eu-central-1.elb.amazonaws.com`,
      zoneId: "Z215JYRZR1TBD5",
    },
    "aws:lb/targetGroup:TargetGroup": { arnSuffix: `targetgroup/${name}/0123456789abcdef` },
    "aws:rds/cluster:Cluster": {
      endpoint: `${name}.cluster-test.eu-central-1.rds.amazonaws.com`,
      readerEndpoint: `${name}.cluster-ro-test.eu-central-1.rds.amazonaws.com`,
      masterUserSecrets: [{ secretArn: `arn:test:${name}-password`, secretStatus: "active", kmsKeyId: "" }],
    },
    "aws:rds/clusterInstance:ClusterInstance": { availabilityZone: "eu-central-1a" },
    "aws:rds/proxy:Proxy": { endpoint: `${name}.proxy-test.eu-central-1.rds.amazonaws.com` },
    "aws:rds/proxyEndpoint:ProxyEndpoint": { endpoint: `${name}.endpoint.proxy-test.eu-central-1.rds.amazonaws.com` },
    "aws:route53/record:Record": { fqdn: `${name}.test` },
    "aws:s3/bucket:Bucket": {
      bucket: `${name}-0123456`,
      bucketRegionalDomainName: `${name}-0123456.s3.eu-central-1.amazonaws.com`,
    },
    "aws:sqs/queue:Queue": { url: `https://sqs.eu-central-1.amazonaws.com/123456789012/${name}-0123456` },
    "random:index/randomId:RandomId": { hex: "00c0ffee" },
    "random:index/randomPassword:RandomPassword": { result: `${name}-`.padEnd(48, "x") },
  };
  // Like Pulumi's provider, which names what the program gave no name.
  const named = NAMED.has(type) ? { name: `${name}-0123456` } : {};
  return { arn: `arn:test:${name}`, ...named, ...computed[type] };
}

const NAMED = new Set([
  "aws:backup/vault:Vault",
  "aws:elasticache/parameterGroup:ParameterGroup",
  "aws:elasticache/subnetGroup:SubnetGroup",
  "aws:iam/role:Role",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:sqs/queue:Queue",
]);
