import { rule } from "../../framework/rule.ts";
import { ofDeprecated, stillUsed } from "../../shared/deprecated.ts";

/** The classes of @pulumi/cloudflare 6 that warn of their end when they are made, with those that they name in their place. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  AccessApplication: "ZeroTrustAccessApplication",
  AccessCaCertificate: "ZeroTrustAccessShortLivedCertificate",
  AccessCustomPage: "ZeroTrustAccessCustomPage",
  AccessGroup: "ZeroTrustAccessGroup",
  AccessIdentityProvider: "ZeroTrustAccessIdentityProvider",
  AccessKeysConfiguration: "ZeroTrustAccessKeyConfiguration",
  AccessMutualTlsCertificate: "ZeroTrustAccessMtlsCertificate",
  AccessMutualTlsHostnameSettings: "ZeroTrustAccessMtlsHostnameSettings",
  AccessOrganization: "ZeroTrustOrganization",
  AccessPolicy: "ZeroTrustAccessPolicy",
  AccessServiceToken: "ZeroTrustAccessServiceToken",
  AccessTag: "ZeroTrustAccessTag",
  DeviceManagedNetworks: "ZeroTrustDeviceManagedNetworks",
  DevicePostureIntegration: "ZeroTrustDevicePostureIntegration",
  DevicePostureRule: "ZeroTrustDevicePostureRule",
  DlpCustomProfile: "ZeroTrustDlpCustomProfile",
  DlpPredefinedProfile: "ZeroTrustDlpPredefinedProfile",
  ManagedHeaders: "ManagedTransforms",
  Record: "DnsRecord",
  RiskBehavior: "ZeroTrustRiskBehavior",
  StaticRoute: "MagicWanStaticRoute",
  TeamsAccount: "ZeroTrustGatewaySettings",
  TeamsList: "ZeroTrustList",
  TeamsLocation: "ZeroTrustDnsLocation",
  TeamsProxyEndpoint: "ZeroTrustGatewayProxyEndpoint",
  TeamsRule: "ZeroTrustGatewayPolicy",
  Tunnel: "ZeroTrustTunnelCloudflared",
  TunnelConfig: "ZeroTrustTunnelCloudflaredConfig",
  TunnelRoute: "ZeroTrustTunnelCloudflaredRoute",
  TunnelVirtualNetwork: "ZeroTrustTunnelCloudflaredVirtualNetwork",
  WorkerCronTrigger: "WorkersCronTrigger",
  WorkerDomain: "WorkersCustomDomain",
  WorkerScript: "WorkersScript",
  WorkersForPlatformsNamespace: "WorkersForPlatformsDispatchNamespace",
  ZeroTrustLocalFallbackDomain: "ZeroTrustDeviceCustomProfileLocalDomainFallback",
};

export default rule({
  id: "edge-class-current",
  title: "No resource is of a deprecated class of Cloudflare's provider",
  severity: "low",
  description:
    "A deprecated class is gone with the next major version of the provider. Another class under the same name replaces the resource.",
  remediation:
    "Use the class that the message names. Move a resource that stands by an import of the new one and `pulumi state delete` of the old.",
  controls: { cloudflare: ["fundamentals/api/reference/deprecations"], wellArchitected: ["OPS05"] },
  level: "advisory",
  config: stillUsed,
  resources: ofDeprecated(
    Object.fromEntries(Object.entries(SUCCESSORS).map(([name, successor]) => [typeOf(name), `cloudflare.${successor}`])),
  ),
});

function typeOf(name: string): string {
  return `cloudflare:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}
