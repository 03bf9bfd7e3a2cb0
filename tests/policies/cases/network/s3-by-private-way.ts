import rule from "../../../../policies/rules/network/s3-by-private-way.ts";
import { casesOf, type FixtureResource, ref, UNKNOWN } from "../../support/cases.ts";

const VPC = "aws:ec2/vpc:Vpc";
const subnet: FixtureResource = ["aws:ec2/subnet:Subnet", { vpcId: ref("shop") }];
const nat: FixtureResource = ["aws:ec2/natGateway:NatGateway", { subnetId: ref("outer") }];
const endpoint = (serviceName: unknown): FixtureResource => [
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  { vpcId: ref("shop"), serviceName },
];
const says = "shop: the VPC has a NAT gateway and no endpoint for S3; it must have one.";
const NO_NAT = "without a NAT gateway nothing is paid for";

export default casesOf(rule, {
  passes: {
    "a VPC with both": { given: { shop: [VPC, {}], outer: subnet, nat, objects: endpoint("com.amazonaws.eu-central-1.s3") } },
  },
  fails: {
    "a VPC with a NAT gateway only": { given: { shop: [VPC, {}], outer: subnet, nat }, says },
    "an endpoint for another service": {
      given: { shop: [VPC, {}], outer: subnet, nat, queue: endpoint("com.amazonaws.eu-central-1.sqs") },
      says,
    },
  },
  unknown: {
    "a service that is not known": {
      given: { shop: [VPC, {}], outer: subnet, nat, objects: endpoint(UNKNOWN) },
      open: "shop: serviceName",
    },
  },
  skips: { "a VPC without a NAT gateway": { given: { shop: [VPC, {}], outer: subnet }, because: "the VPC has no NAT gateway" } },
  survives: {
    "outer: *": NO_NAT,
    "nat: *": NO_NAT,
    "objects: serviceName: another text": "the name still ends with the service",
  },
});
