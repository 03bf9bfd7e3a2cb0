import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import { Ruleset } from "@pulumi/cloudflare/ruleset.js";
import type { RulesetRule } from "@pulumi/cloudflare/types/input.js";
import { ZoneSetting } from "@pulumi/cloudflare/zoneSetting.js";
import * as pulumi from "@pulumi/pulumi";
import { requireBetween } from "../shared/checks.ts";
import type { ContentDelivery, Origin } from "./content-delivery.ts";
import { ORIGIN_HEADER } from "./origin-secret.ts";

/** What the caller decides about a {@link CloudflareDelivery}. */
export interface CloudflareDeliveryArgs {
  /** The name under which people reach the product. */
  readonly domain: string;
  /** The zone of Cloudflare in which the name lies: 32 hexadecimal digits. */
  readonly zoneId: string;
  /** Where the network gets what it does not hold; its certificate must speak of `domain` as well. */
  readonly origin: Origin;
  /** Requests of one address in ten seconds, above which it gets 429 for ten. @default 100 */
  readonly requestsPerTenSeconds?: number;
  /** Whether Cloudflare's own rules turn away known attacks; they need the plan Pro. @default true */
  readonly managedRules?: boolean;
}

/** Cloudflare's own rules, by the id that they have in every zone (Cloudflare docs, "Managed Rules"). */
const MANAGED_RULES = "efb7b8c949ac4650a09736fc376e9aee";

/** How the zone speaks TLS. `strict` checks the origin's certificate; anything less would pass requests on to whoever answers. */
const ZONE_SETTINGS: Readonly<Record<string, string>> = {
  ssl: "strict",
  min_tls_version: "1.2",
  tls_1_3: "on",
  always_use_https: "on",
  http3: "on",
};

/**
 * Cloudflare before the product: the name, TLS near to people, answers from its cache, everything else from the load balancer.
 *
 * It does what `CloudFrontDelivery` does and stands in its place: what may be cached, and for how long, the product says in `Cache-Control`, and what says nothing is not cached; requests to
 * the load balancer bring the origin's secret. The files of a release come from the product and stay in the network's cache, so there is no bucket: Cloudflare has no way to sign what it
 * asks of S3. After a release nothing has to be purged, because a changed file has a changed name; for the rest, purge the changed addresses only.
 *
 * The zone must belong to the platform: Cloudflare keeps one list of rules for each phase of a zone, and its TLS settings hold for all of its names. The name leads to the network by its own record,
 * so no Route 53 record is made for it.
 *
 * **Cost**: the plan Pro is 25 USD a month for each zone, traffic included; without `managedRules` the free plan does.
 */
export class CloudflareDelivery extends pulumi.ComponentResource implements ContentDelivery {
  /** Where people reach the product. */
  readonly url: string;
  /** Undefined: the network leads the name to itself. */
  readonly alias = undefined;

  readonly #name: string;
  readonly #args: CloudflareDeliveryArgs;

  constructor(name: string, args: CloudflareDeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    const { domain, requestsPerTenSeconds = 100, zoneId } = args;
    const what = `CloudflareDelivery "${name}"`;
    requireBetween(`${what}: requestsPerTenSeconds`, requestsPerTenSeconds, 1, 1_000_000);
    if (!/^[0-9a-f]{32}$/.test(zoneId))
      throw new RangeError(`${what}: zoneId is ${zoneId}; allowed: 32 hexadecimal digits, as the zone's overview shows them`);
    super("platform:delivery:CloudflareDelivery", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.url = `https://${domain}`;

    const settings = Object.entries(ZONE_SETTINGS).map(([settingId, value]) => this.#setting(settingId, value));
    const rules = [this.#limitRates(requestsPerTenSeconds), this.#cache(), this.#proveOrigin(), this.#secureAnswers()];
    if (args.managedRules ?? true) rules.push(this.#turnAttacksAway());
    this.#leadHere([...settings, ...rules]);

    this.registerOutputs({ url: this.url });
  }

  /** Only once the network knows the secret and speaks TLS as it should does the name lead to it. */
  #leadHere(dependsOn: pulumi.Resource[]): void {
    const { domain, origin, zoneId } = this.#args;
    new DnsRecord(
      `${this.#name}-domain`,
      // 1 stands for "automatic", the only one for a record that the network answers itself.
      { zoneId, name: domain, type: "CNAME", content: origin.domain, proxied: true, ttl: 1 },
      { parent: this, dependsOn },
    );
  }

  #setting(settingId: string, value: string): ZoneSetting {
    const role = settingId.replaceAll("_", "-");
    return new ZoneSetting(`${this.#name}-${role}`, { zoneId: this.#args.zoneId, settingId, value }, { parent: this });
  }

  /** The rules of one phase, for the product's name alone. */
  #rules(role: string, phase: string, rules: readonly Omit<RulesetRule, "expression">[]): Ruleset {
    const { domain, zoneId } = this.#args;
    const expression = `(http.host eq "${domain}")`;
    return new Ruleset(
      `${this.#name}-${role}`,
      {
        zoneId,
        kind: "zone",
        name: `${this.#name}-${role}`,
        phase,
        rules: rules.map((rule) => ({ ...rule, expression })),
      },
      { parent: this },
    );
  }

  #limitRates(requestsPerPeriod: number): Ruleset {
    const ratelimit = {
      characteristics: ["ip.src", "cf.colo.id"],
      period: 10,
      requestsPerPeriod,
      mitigationTimeout: 10,
    };
    return this.#rules("rates", "http_ratelimit", [{ action: "block", description: "Floods from one address", ratelimit }]);
  }

  #turnAttacksAway(): Ruleset {
    const actionParameters = { id: MANAGED_RULES };
    return this.#rules("attacks", "http_request_firewall_managed", [
      { action: "execute", description: "Known attacks", actionParameters },
    ]);
  }

  #cache(): Ruleset {
    const actionParameters = {
      cache: true,
      // "respect_origin" would keep for two hours what says nothing.
      edgeTtl: { mode: "bypass_by_default" },
      browserTtl: { mode: "respect_origin" },
      serveStale: { disableStaleWhileUpdating: false },
    };
    return this.#rules("cache", "http_request_cache_settings", [
      { action: "set_cache_settings", description: "As the product says", actionParameters },
    ]);
  }

  #proveOrigin(): Ruleset {
    const headers = { [ORIGIN_HEADER]: { operation: "set", value: this.#args.origin.secret } };
    return this.#rules("origin", "http_request_late_transform", [
      { action: "rewrite", description: "The origin's secret", actionParameters: { headers } },
    ]);
  }

  #secureAnswers(): Ruleset {
    const headers = {
      "Strict-Transport-Security": { operation: "set", value: "max-age=63072000; includeSubDomains" },
      "X-Content-Type-Options": { operation: "set", value: "nosniff" },
    };
    return this.#rules("answers", "http_response_headers_transform", [
      { action: "rewrite", description: "TLS only, and no guessing of types", actionParameters: { headers } },
    ]);
  }
}
