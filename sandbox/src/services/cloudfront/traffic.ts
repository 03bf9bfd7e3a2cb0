import type { Cloud } from "../../core/cloud.ts";
import type { Served } from "../../plane/cdn/plan.ts";
import { CLOUDFRONT_REGION, DISTRIBUTION } from "./names.ts";

interface Counts {
  requests: number;
  errors4xx: number;
  errors5xx: number;
  hits: number;
  bytesDown: number;
  bytesUp: number;
}

/** What went through each distribution since it was last published. */
export class Traffic {
  private counts = new Map<string, Counts>();

  add(id: string, { bytesIn, bytesOut, result, status }: Served): void {
    const known = this.counts.get(id) ?? { requests: 0, errors4xx: 0, errors5xx: 0, hits: 0, bytesDown: 0, bytesUp: 0 };
    known.requests++;
    if (status >= 400 && status < 500) known.errors4xx++;
    if (status >= 500) known.errors5xx++;
    if (result === "Hit" || result === "RefreshHit") known.hits++;
    known.bytesDown += bytesOut;
    known.bytesUp += bytesIn;
    this.counts.set(id, known);
  }

  /**
   * Publishes the minute that began at `minute` (CloudFront developer guide, "Types of metrics for CloudFront"). CacheHitRate is one of those that AWS publishes
   * for money, where it is asked to.
   */
  publish(cloud: Cloud, minute: number): void {
    const counts = this.counts;
    this.counts = new Map();
    for (const { id } of cloud.world.all(DISTRIBUTION)) {
      const { bytesDown = 0, bytesUp = 0, errors4xx = 0, errors5xx = 0, hits = 0, requests = 0 } = counts.get(id) ?? {};
      const put = (name: string, value: number, unit: string): void => {
        cloud.putMetric("AWS/CloudFront", name, { DistributionId: id, Region: "Global" }, value, {
          unit,
          at: minute,
          region: CLOUDFRONT_REGION,
        });
      };
      put("Requests", requests, "None");
      put("BytesDownloaded", bytesDown, "None");
      put("BytesUploaded", bytesUp, "None");
      // A rate of nothing is none.
      if (requests === 0) continue;
      const rate = (count: number): number => (100 * count) / requests;
      put("TotalErrorRate", rate(errors4xx + errors5xx), "Percent");
      put("4xxErrorRate", rate(errors4xx), "Percent");
      put("5xxErrorRate", rate(errors5xx), "Percent");
      put("CacheHitRate", rate(hits), "Percent");
    }
  }
}
