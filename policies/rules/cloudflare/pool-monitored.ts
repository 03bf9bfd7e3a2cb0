import type { LoadBalancerMonitorArgs } from "@pulumi/cloudflare/loadBalancerMonitor.js";
import type { LoadBalancerPoolArgs } from "@pulumi/cloudflare/loadBalancerPool.js";
import { beFalse, beSet } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

export default rule({
  id: "pool-monitored",
  title: "A pool of origins is watched, by a monitor that checks certificates",
  severity: "high",
  description:
    "Without a monitor the edge sends visitors to an origin that is down; one that checks nothing takes anybody for the origin.",
  remediation: "Set monitor of the pool, and leave allowInsecure of the monitor out.",
  controls: { cloudflare: ["load-balancing/monitors"], wellArchitected: ["REL11"] },
  resources: {
    "cloudflare:index/loadBalancerPool:LoadBalancerPool": (pool: Resource<LoadBalancerPoolArgs>, { must }) => {
      // A monitor that is made in the same program is one, whatever its id will be.
      const { monitor: sources = [], monitorGroup: groups = [] } = pool.propertyDependencies;
      if (sources.length + groups.length === 0 && !pool.at("monitorGroup").isSet)
        must(pool.at("monitor"), beSet("name a monitor"));
    },
    "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor": (monitor: Resource<LoadBalancerMonitorArgs>, { must }) => {
      must(monitor.at("allowInsecure"), beFalse);
    },
  },
});
