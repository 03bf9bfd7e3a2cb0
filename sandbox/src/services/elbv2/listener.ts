import { CloudError, type Operation, type ResourceDefinition } from "../../core/definition.ts";
import { isProps, type Props, text } from "../../core/values.ts";
import { CERTIFICATE, issued } from "../acm/certificate.ts";
import { between, type Limit, matching, oneOf, shown } from "../limits.ts";
import { actionLimits, actionReferences, listOf, requireActions } from "./actions.ts";
import { answerHeaderLimits } from "./answer-headers.ts";
import { balancingOf } from "./balancing.ts";
import { listenersOf } from "./listener-plan.ts";
import { elbArn, elbId, LISTENER, LOAD_BALANCER, quota, toLoadBalancer } from "./names.ts";

const MOST_LISTENERS = 50;
/** What Elastic Load Balancing takes where nothing is said. */
const DEFAULT_POLICY = "ELBSecurityPolicy-2016-08";
/** Elastic Load Balancing User Guide, "Security policies for your Application Load Balancer". */
const POLICIES =
  /^ELBSecurityPolicy-(2016-08|2015-05|TLS-1-[012]-(2017-01|2015-04)|TLS-1-2-Ext-2018-06|FS(-1-[12](-Res(-20\d\d-\d\d)?)?)?-20\d\d-\d\d|FS-2018-06|TLS13-1-[0123](-(Res|Ext[012]))?(-FIPS)?(-PQ)?-20\d\d-\d\d)$/;

function create(operation: Operation): ReturnType<ResourceDefinition["create"]> {
  const { cloud, inputs } = operation;
  const loadBalancer = text(inputs, "loadBalancerArn");
  const balancer = cloud.world.get(LOAD_BALANCER, loadBalancer);
  const present = balancer === undefined ? [] : listenersOf(cloud, balancer);
  quota(
    present.length,
    MOST_LISTENERS,
    "TooManyListeners",
    `The maximum number of listeners has been reached on ${loadBalancer}`,
  );
  const outputs = checked(operation, loadBalancer);
  const id = elbArn(operation, `${(loadBalancer.split(":")[5] ?? "").replace("loadbalancer/", "listener/")}/${elbId()}`);
  return { id, outputs: { ...outputs, arn: id } };
}

/** What is read back of a listener. Throws what only the cloud can refuse. */
function checked(operation: Operation, loadBalancer: string, own?: string): Props {
  const { inputs } = operation;
  const port = inputs["port"];
  if (typeof port !== "number") throw new CloudError("ValidationError", "A listener must have a port, from 1 to 65535");
  requireFreePort(operation, loadBalancer, port, own);
  const protocol = text(inputs, "protocol") || "HTTP";
  requireCertificate(operation, protocol);
  requireActions(operation, listOf(inputs["defaultActions"]), loadBalancer);
  return {
    port,
    protocol,
    sslPolicy: protocol === "HTTPS" ? text(inputs, "sslPolicy") || DEFAULT_POLICY : "",
    defaultActions: listOf(inputs["defaultActions"]).map((action, at) => ({ order: at + 1, ...action })),
    tagsAll: inputs["tagsAll"] ?? inputs["tags"] ?? {},
  };
}

function requireFreePort({ cloud }: Operation, loadBalancer: string, port: number, own: string | undefined): void {
  const taken = cloud.world
    .all(LISTENER)
    .some((row) => row.id !== own && row.inputs["loadBalancerArn"] === loadBalancer && row.outputs["port"] === port);
  if (!taken) return;
  throw new CloudError("DuplicateListener", `A listener already exists on this port for this load balancer '${loadBalancer}'`);
}

function requireCertificate({ cloud, inputs, region }: Operation, protocol: string): void {
  const arn = text(inputs, "certificateArn");
  if (protocol === "HTTP") {
    if (arn === "" && text(inputs, "sslPolicy") === "") return;
    throw new CloudError(
      "InvalidConfigurationRequest",
      "A listener for HTTP has neither certificateArn nor sslPolicy; give protocol HTTPS",
    );
  }
  if (arn === "") throw new CloudError("ValidationError", "A certificate must be specified for HTTPS listeners");
  const certificate = cloud.world.get(CERTIFICATE, arn, region);
  if (certificate === undefined) throw new CloudError("CertificateNotFound", `Certificate '${arn}' not found`);
  if (certificate.outputs["status"] === "ISSUED" || issued(cloud, certificate)["status"] === "ISSUED") return;
  // Not the whole of it, but what is said: in truth nobody has shown yet that the names are theirs.
  throw new CloudError(
    "UnsupportedCertificate",
    `The certificate '${arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
  );
}

const mutualAuthentication: Limit = (value) =>
  isProps(value) && text(value, "mode") !== "off"
    ? `${shown(text(value, "mode"))}: the sandbox leaves TLS out, so nobody shows a certificate; leave mutualAuthentication out`
    : undefined;

/** A port of a load balancer, and what is done with the requests that come to it. */
export const listener: ResourceDefinition = {
  type: LISTENER,
  replaceOn: ["loadBalancerArn"],
  limits: {
    port: between(1, 65_535),
    protocol: (value) =>
      oneOf("HTTP", "HTTPS")(value, {}) === undefined
        ? undefined
        : `${shown(value)}: the listeners of an application load balancer speak HTTP or HTTPS`,
    sslPolicy: matching(
      POLICIES,
      "the name of a security policy of Elastic Load Balancing, such as ELBSecurityPolicy-TLS13-1-2-2021-06",
    ),
    alpnPolicy: () => "alpnPolicy belongs to network load balancers, which the sandbox does not play",
    tcpIdleTimeoutSeconds: () => "tcpIdleTimeoutSeconds belongs to network load balancers, which the sandbox does not play",
    mutualAuthentication,
    ...answerHeaderLimits,
    ...actionLimits("defaultActions"),
  },
  references: [
    toLoadBalancer,
    ...actionReferences("defaultActions"),
    {
      path: "certificateArn",
      to: CERTIFICATE,
      missing: (arn) => new CloudError("CertificateNotFound", `Certificate '${arn}' not found`),
      inUse: ({ id }) => new CloudError("ResourceInUseException", `Certificate ${id} is in use.`),
    },
  ],
  create,
  update: (operation, before) => checked(operation, text(before.inputs, "loadBalancerArn"), before.id),
  run: async (cloud, row) => {
    await balancingOf(cloud).listen(row);
    return undefined;
  },
  halt: (cloud, row) => balancingOf(cloud).silence(row),
};
