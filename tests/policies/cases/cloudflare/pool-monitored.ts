import rule from "../../../../policies/rules/cloudflare/pool-monitored.ts";
import { casesOf, ref } from "../../support/cases.ts";
import { offCases, together } from "../../support/switches.ts";
import { setCases } from "../../support/values.ts";

const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor";

export default casesOf(
  rule,
  together(
    setCases(POOL, "a pool", "monitor", { value: "monitor-1", wanted: "name a monitor" }),
    offCases(MONITOR, "a monitor", "allowInsecure"),
    {
      passes: {
        "a pool of a group of monitors": { given: [POOL, { monitorGroup: "group-1" }] },
        "a pool with a monitor that is made with it": {
          given: { probe: [MONITOR, {}], pool: [POOL, { monitor: ref("probe") }] },
          cannotBreak: "the first case shows what happens without the monitor",
        },
      },
      fails: {},
      unknown: {},
      survives: { "monitorGroup: another text": "another group is one as well" },
    },
  ),
);
