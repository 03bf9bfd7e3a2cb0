import type { Cloud } from "../../core/cloud.ts";
import { CloudError, type Operation, type Resource, type ResourceDefinition } from "../../core/definition.ts";
import { type Props, text } from "../../core/values.ts";
import { all, between, type Limit, matching, oneOf, shown } from "../limits.ts";
import { chosenName } from "../names.ts";
import { requireLogBucket } from "./access-log-bucket.ts";
import { balancingOf } from "./balancing.ts";
import { listenersOf } from "./listener-plan.ts";
import { dropInterfaces, placeOf, putInterfaces, subnetIds, type Place } from "./load-balancer-network.ts";
import { arnSuffix, dnsName, elbArn, elbId, hostedZoneId, LOAD_BALANCER, nameLimits, quota, requireFreeName } from "./names.ts";

const MOST_LOAD_BALANCERS = 50;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs, region } = operation;
  const name = chosenName(inputs);
  requireFreeName(operation, LOAD_BALANCER, "Load Balancer", name);
  const present = cloud.world.all(LOAD_BALANCER).filter((row) => row.region === region).length;
  quota(present, MOST_LOAD_BALANCERS, "TooManyLoadBalancers", "The maximum number of load balancers has been reached");
  const place = placeOf(operation);
  const id = elbArn(operation, `loadbalancer/app/${name}/${elbId()}`);
  requireLogBucket(operation, id);
  putInterfaces(operation, arnSuffix(id), place);
  return {
    id,
    outputs: {
      ...placed(place),
      arn: id,
      arnSuffix: arnSuffix(id),
      name,
      namePrefix: text(inputs, "namePrefix"),
      dnsName: dnsName(name, region, inputs["internal"] === true),
      zoneId: hostedZoneId(region),
      tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
    },
  };
}

function update(operation: Operation, before: Resource): Props {
  requireLogBucket(operation, before.id);
  const place = placeOf(operation, subnetIds(before.outputs));
  putInterfaces(operation, arnSuffix(before.id), place);
  return { ...placed(place), name: before.outputs["name"], namePrefix: before.outputs["namePrefix"] };
}

function placed({ securityGroups, subnets, vpcId }: Place): Props {
  return {
    vpcId,
    securityGroups: [...securityGroups],
    subnets: subnets.map(({ id }) => id),
    subnetMappings: subnets.map(({ id }) => ({
      subnetId: id,
      allocationId: "",
      ipv6Address: "",
      outpostId: "",
      privateIpv4Address: "",
    })),
  };
}

function remove(cloud: Cloud, row: Resource): void {
  if (row.outputs["enableDeletionProtection"] === true) {
    throw new CloudError(
      "OperationNotPermitted",
      `Load balancer '${row.id}' cannot be deleted because deletion protection is enabled`,
    );
  }
  dropInterfaces({ cloud, region: row.region }, arnSuffix(row.id));
}

const applicationOnly: Limit = (value) =>
  value === "application"
    ? undefined
    : `the sandbox plays application load balancers, not ${shown(value)}: leave loadBalancerType out, or give "application"`;

const subnetsOnce: Limit = (_value, inputs) =>
  inputs["subnets"] !== undefined && inputs["subnetMappings"] !== undefined
    ? '"subnets" conflicts with "subnetMappings": give one of them'
    : undefined;

const unserved = (what: string): Limit => matching(/^$/, `${what} is not played by the sandbox`);

const unwritten =
  (what: string): Limit =>
  (value) =>
    value === true ? `the sandbox writes no ${what}; leave them out, or give "enabled": false` : undefined;

/** An Application Load Balancer: what its listeners do on this machine is in the plane. */
export const loadBalancer: ResourceDefinition = {
  type: LOAD_BALANCER,
  replaceOn: ["customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"],
  autoName: { property: "name", maxLength: 32 },
  defaults: {
    clientKeepAlive: 3600,
    desyncMitigationMode: "defensive",
    dropInvalidHeaderFields: false,
    enableDeletionProtection: false,
    enableHttp2: true,
    enableTlsVersionAndCipherSuiteHeaders: false,
    enableWafFailOpen: false,
    enableXffClientPort: false,
    enableZonalShift: false,
    idleTimeout: 60,
    internal: false,
    ipAddressType: "ipv4",
    loadBalancerType: "application",
    preserveHostHeader: false,
    xffHeaderProcessingMode: "append",
  },
  limits: {
    ...nameLimits,
    name: all(nameLimits.name, matching(/^(?!internal-)/, 'a name does not begin with "internal-", which AWS writes itself')),
    loadBalancerType: applicationOnly,
    // Elastic Load Balancing API Reference, LoadBalancerAttribute.
    clientKeepAlive: between(60, 604_800),
    idleTimeout: between(1, 4000),
    desyncMitigationMode: oneOf("monitor", "defensive", "strictest"),
    xffHeaderProcessingMode: oneOf("append", "preserve", "remove"),
    ipAddressType: (value) =>
      value === "ipv4" ? undefined : `${shown(value)}: the subnets of the sandbox have IPv4 addresses only; give "ipv4"`,
    customerOwnedIpv4Pool: unserved("a pool of one's own addresses"),
    dnsRecordClientRoutingPolicy: unserved("a routing policy for the names of network load balancers"),
    ipamPools: () => "an IPAM pool is not played by the sandbox",
    subnets: subnetsOnce,
    "connectionLogs.enabled": unwritten("connection logs"),
    "healthCheckLogs.enabled": unwritten("logs of health checks"),
    "subnetMappings[].allocationId": unserved("an Elastic IP of a network load balancer"),
    "subnetMappings[].privateIpv4Address": unserved("a chosen address of a network load balancer"),
  },
  references: [
    ...["subnets[]", "subnetMappings[].subnetId"].map((path) => ({
      path,
      to: "aws:ec2/subnet:Subnet",
      missing: (id: string) => new CloudError("SubnetNotFound", `The subnet ID '${id}' does not exist`),
    })),
    {
      path: "securityGroups[]",
      to: "aws:ec2/securityGroup:SecurityGroup",
      missing: (id: string) => new CloudError("InvalidSecurityGroup", `The security group '${id}' does not exist`),
    },
  ],
  releasedBy: { enableDeletionProtection: false },
  create,
  update,
  remove,
  run: async (cloud, row) => {
    // Attributes that a listener follows: another value reaches it with its next request.
    for (const listener of listenersOf(cloud, row)) await balancingOf(cloud).listen(listener);
    await balancingOf(cloud).logs.test(row);
    return undefined;
  },
  halt: (cloud, row) => balancingOf(cloud).logs.finish(row),
};
