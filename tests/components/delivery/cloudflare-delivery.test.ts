import assert from "node:assert/strict";
import { CloudflareDelivery, type CloudflareDeliveryArgs } from "../../../components/index.ts";
import { only, record, type Recorded } from "../../support/record.ts";
import { identity } from "../../support/stateful.ts";

const args: CloudflareDeliveryArgs = {
  domain: "shop.example.com",
  zoneId: "0123456789abcdef0123456789abcdef",
  origin: { domain: "origin.shop.example.com", secret: "a-secret" },
};

const delivery = (changes: Partial<CloudflareDeliveryArgs> = {}): Promise<Recorded[]> =>
  record(() => new CloudflareDelivery("cdn", { ...args, ...changes }));

const expression = '(http.host eq "shop.example.com")';

describe("CloudflareDelivery", () => {
  it("makes exactly these resources", async () => {
    const prefix = "platform:delivery:CloudflareDelivery$cloudflare:index/";
    assert.deepEqual((await delivery()).map((one) => identity(one).replace(prefix, "")).sort(), [
      "dnsRecord:DnsRecord::cdn-domain",
      "platform:delivery:CloudflareDelivery::cdn",
      "ruleset:Ruleset::cdn-answers",
      "ruleset:Ruleset::cdn-attacks",
      "ruleset:Ruleset::cdn-cache",
      "ruleset:Ruleset::cdn-origin",
      "ruleset:Ruleset::cdn-rates",
      "zoneSetting:ZoneSetting::cdn-always-use-https",
      "zoneSetting:ZoneSetting::cdn-http3",
      "zoneSetting:ZoneSetting::cdn-min-tls-version",
      "zoneSetting:ZoneSetting::cdn-ssl",
      "zoneSetting:ZoneSetting::cdn-tls-1-3",
    ]);
  });

  it("leads the name to itself, and only once it knows its rules: until then it would be refused by the origin", async () => {
    const { dependencies, inputs } = only(await delivery(), "cdn-domain");
    assert.deepEqual(inputs, {
      zoneId: "0123456789abcdef0123456789abcdef",
      name: "shop.example.com",
      type: "CNAME",
      content: "origin.shop.example.com",
      proxied: true,
      ttl: 1,
    });
    assert.deepEqual([...dependencies].sort(), [
      "cdn-always-use-https",
      "cdn-answers",
      "cdn-attacks",
      "cdn-cache",
      "cdn-http3",
      "cdn-min-tls-version",
      "cdn-origin",
      "cdn-rates",
      "cdn-ssl",
      "cdn-tls-1-3",
    ]);
  });

  it("speaks TLS 1.2 or later to people, and checks the certificate of the origin", async () => {
    const settings = (await delivery()).filter(({ type }) => type.endsWith(":ZoneSetting"));
    assert.deepEqual(Object.fromEntries(settings.map(({ inputs }) => [inputs["settingId"], inputs["value"]])), {
      ssl: "strict",
      min_tls_version: "1.2",
      tls_1_3: "on",
      always_use_https: "on",
      http3: "on",
    });
  });

  it("caches what the product says, and nothing of which it says nothing", async () => {
    const { inputs } = only(await delivery(), "cdn-cache");
    assert.equal(inputs["phase"], "http_request_cache_settings");
    assert.deepEqual(inputs["rules"], [
      {
        action: "set_cache_settings",
        description: "As the product says",
        actionParameters: {
          cache: true,
          edgeTtl: { mode: "bypass_by_default" },
          browserTtl: { mode: "respect_origin" },
          serveStale: { disableStaleWhileUpdating: false },
        },
        expression,
      },
    ]);
  });

  it("brings the origin's secret with each request, in place of any that a client sent", async () => {
    const { inputs } = only(await delivery(), "cdn-origin");
    assert.equal(inputs["phase"], "http_request_late_transform");
    assert.deepEqual(inputs["rules"], [
      {
        action: "rewrite",
        description: "The origin's secret",
        actionParameters: { headers: { "X-Origin-Secret": { operation: "set", value: "a-secret" } } },
        expression,
      },
    ]);
  });

  it("holds back floods from one address", async () => {
    const [rule] = only(await delivery({ requestsPerTenSeconds: 50 }), "cdn-rates").inputs["rules"] as { ratelimit: unknown }[];
    assert.deepEqual(rule?.ratelimit, {
      characteristics: ["ip.src", "cf.colo.id"],
      period: 10,
      requestsPerPeriod: 50,
      mitigationTimeout: 10,
    });
  });

  it("does without Cloudflare's own rules on a plan that has none", async () => {
    const names = (await delivery({ managedRules: false })).map(({ name }) => name);
    assert.equal(names.includes("cdn-attacks"), false);
    assert.equal(names.length, 11);
  });

  it("refuses a zone that is no zone, and a limit of no requests", async () => {
    await assert.rejects(
      delivery({ zoneId: "Z0123456789ABCDEFGHIJ" }),
      new RangeError(
        'CloudflareDelivery "cdn": zoneId is Z0123456789ABCDEFGHIJ; allowed: 32 hexadecimal digits, as the zone\'s overview shows them',
      ),
    );
    await assert.rejects(
      delivery({ requestsPerTenSeconds: 0 }),
      new RangeError('CloudflareDelivery "cdn": requestsPerTenSeconds is 0; allowed: 1 to 1000000'),
    );
  });
});
