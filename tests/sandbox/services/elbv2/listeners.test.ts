import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { text, type Props } from "../../../../sandbox/src/core/values.ts";
import { refused } from "../../support/refused.ts";
import { ElbFixture, type } from "./support.ts";

describe("listeners of the sandbox", () => {
  let elb: ElbFixture;
  let balancer: Resource;
  let group: Resource;
  beforeEach(async () => {
    elb = new ElbFixture();
    const { vpc, subnets } = await elb.zones();
    balancer = await elb.balancer(subnets);
    group = await elb.group(vpc);
  });
  afterEach(() => elb.end());

  /** A certificate, and whether anybody has shown that the name is theirs. */
  async function certificate(isIssued = true): Promise<Resource> {
    const made = await elb.create(type.certificate, { domainName: "shop.our-shop.net", validationMethod: "DNS" });
    if (!isIssued) return made;
    const zone = await elb.create(type.zone, { name: "our-shop.net" });
    const [option] = made.outputs["domainValidationOptions"] as unknown as Record<string, string>[];
    const record = { name: option?.["resourceRecordName"] ?? "", records: [option?.["resourceRecordValue"] ?? ""] };
    await elb.create(type.record, { zoneId: zone.id, type: "CNAME", ttl: 60, ...record });
    return made;
  }

  it("get an ARN beside that of their load balancer", async () => {
    const { id, outputs } = await elb.listener(balancer, group);
    assert.match(id, new RegExp(`^${balancer.id.replace(":loadbalancer/", ":listener/")}/[0-9a-f]{16}$`));
    assert.deepEqual([outputs["arn"], outputs["protocol"], outputs["sslPolicy"]], [id, "HTTP", ""]);
    assert.deepEqual(outputs["defaultActions"], [{ order: 1, type: "forward", targetGroupArn: group.id }]);
  });

  it("have a port to themselves", async () => {
    const first = await elb.listener(balancer, group);
    const taken = `A listener already exists on this port for this load balancer '${balancer.id}'`;
    await refused(elb.listener(balancer, group), "DuplicateListener", taken);
    const second = await elb.listener(balancer, group, { port: 8080 });
    await refused(elb.stack.update(second, "r", { ...second.inputs, port: 80 }), "DuplicateListener", taken);
    await elb.stack.update(first, "r", first.inputs);
  });

  it("need a load balancer and target groups that exist", async () => {
    const none = { id: "none" } as Resource;
    await refused(elb.listener(none, group), "LoadBalancerNotFound", "Load balancers '[none]' not found");
    await refused(elb.listener(balancer, none), "TargetGroupNotFound", "One or more target groups not found");
  });

  describe("for HTTPS", () => {
    const https = (certificateArn: string): Props => ({ port: 443, protocol: "HTTPS", certificateArn });

    it("need a certificate", async () => {
      const inputs = { port: 443, protocol: "HTTPS" };
      await refused(
        elb.listener(balancer, group, inputs),
        "ValidationError",
        "A certificate must be specified for HTTPS listeners",
      );
    });

    it("need one that exists and was issued", async () => {
      const missing = "arn:aws:acm:eu-central-1:123456789012:certificate/none";
      await refused(elb.listener(balancer, group, https(missing)), "CertificateNotFound", `Certificate '${missing}' not found`);
      const pending = await certificate(false);
      await refused(
        elb.listener(balancer, group, https(pending.id)),
        "UnsupportedCertificate",
        `The certificate '${pending.id}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
      );
    });

    it("speak TLS with the sandbox's own certificate for the names of theirs, and plain HTTP to who does not", async () => {
      const listener = await elb.listener(balancer, group, https((await certificate()).id));
      const url = new URL(elb.url(balancer, 443));
      const ca = readFileSync(elb.cloud.trust.caFile());
      const status = async (servername: string): Promise<number> => {
        const asked = request({ host: url.hostname, port: url.port, servername, agent: new Agent({ ca, keepAlive: false }) });
        const [response] = (await once(asked.end(), "response")) as [IncomingMessage];
        response.resume();
        return response.statusCode ?? 0;
      };
      assert.deepEqual([(await fetch(url)).status, await status("shop.our-shop.net")], [503, 503]);
      await assert.rejects(status(text(balancer.outputs, "dnsName")), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
      await elb.stack.delete(listener);
    });

    it("keep their certificate from being deleted, and take a usual policy where none is named", async () => {
      const issued = await certificate();
      const listener = await elb.listener(balancer, group, https(issued.id));
      assert.equal(listener.outputs["sslPolicy"], "ELBSecurityPolicy-2016-08");
      await refused(elb.stack.delete(issued), "ResourceInUseException", `Certificate ${issued.id} is in use.`);
      await elb.stack.delete(listener);
      await elb.stack.delete(issued);
    });
  });

  it("for HTTP have neither certificate nor policy", async () => {
    await refused(
      elb.listener(balancer, group, { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }),
      "InvalidConfigurationRequest",
      "A listener for HTTP has neither certificateArn nor sslPolicy; give protocol HTTPS",
    );
  });

  it("do not redirect to themselves", async () => {
    const loop = [{ type: "redirect", redirect: { statusCode: "HTTP_301" } }];
    await refused(
      elb.listener(balancer, group, { defaultActions: loop }),
      "InvalidLoadBalancerAction",
      "The redirect configuration is not valid because it creates a loop.",
    );
  });

  describe("listen on this machine", () => {
    const fixed = (messageBody: string): Props => ({
      defaultActions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "200", messageBody } }],
    });
    const body = async (port = 80): Promise<string> => (await fetch(elb.url(balancer, port))).text();
    const doors = (): [string, string][] => elb.cloud.addresses.doors().map(([name, door]) => [name, door.target]);

    it("under the name of their load balancer, with a way in for people", async () => {
      await elb.listener(balancer, group, fixed("hello"));
      assert.equal(await body(), "hello");
      assert.deepEqual(doors(), [["web", text(balancer.outputs, "dnsName")]]);
      const [[, door] = ["", undefined]] = elb.cloud.addresses.doors();
      assert.equal(await (await fetch(door?.url ?? "")).text(), "hello");
    });

    it("with what they say now, without a new port", async () => {
      const listener = await elb.listener(balancer, group, fixed("hello"));
      const url = elb.url(balancer);
      await elb.stack.update(listener, "r", { ...listener.inputs, ...fixed("good day") });
      assert.deepEqual([elb.url(balancer), await body()], [url, "good day"]);
    });

    it("under another port of their load balancer, once they have that", async () => {
      const listener = await elb.listener(balancer, group, fixed("hello"));
      await elb.stack.update(listener, "r", { ...listener.inputs, port: 8080 });
      assert.equal(await body(8080), "hello");
      assert.equal(elb.cloud.addresses.resolve(`${text(balancer.outputs, "dnsName")}:80`), undefined);
    });

    it("until they are deleted: then the port is free, and there is no way in", async () => {
      const listener = await elb.listener(balancer, group, fixed("hello"));
      const url = elb.url(balancer);
      await elb.stack.delete(listener);
      await assert.rejects(fetch(url), TypeError);
      assert.deepEqual([doors(), elb.cloud.addresses.entries(), elb.cloud.world.space("ports").entries()], [[], [], []]);
    });

    it("with the one for HTTPS as the way in, to which the other leads who comes over loopback", async () => {
      const redirect = { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" };
      await elb.listener(balancer, group, { defaultActions: [{ type: "redirect", redirect }] });
      const { id } = await certificate();
      await elb.listener(balancer, group, { port: 443, protocol: "HTTPS", certificateArn: id, ...fixed("hello") });
      const [[, door] = ["", undefined]] = elb.cloud.addresses.doors();
      assert.equal(door?.url, elb.url(balancer, 443));
      const followed = await fetch(`${elb.url(balancer)}/cart?item=1`);
      assert.deepEqual([followed.url, await followed.text()], [`${elb.url(balancer, 443)}/cart?item=1`, "hello"]);
      const told = await fetch(`${elb.url(balancer)}/cart`, { redirect: "manual" });
      assert.equal(told.status, 301);
    });

    it("with the headers of theirs on each answer", async () => {
      await elb.withImage();
      const subnet = elb.cloud.world.all(type.subnet)[0];
      assert.ok(subnet);
      await elb.attach(group, await elb.server(subnet, "one"));
      await elb.listener(balancer, group, {
        routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000",
        routingHttpResponseXFrameOptionsHeaderValue: "DENY",
      });
      const { headers } = await fetch(elb.url(balancer));
      assert.deepEqual([headers.get("strict-transport-security"), headers.get("x-frame-options")], ["max-age=31536000", "DENY"]);
    });
  });

  describe("before anything is made", () => {
    const actions = (...defaultActions: Props[]): Props => ({ defaultActions });
    const forward = (...targetGroups: Props[]): Props => ({ type: "forward", forward: { targetGroups } });
    const [a, b]: [Props, Props] = [{ arn: "a" }, { arn: "b" }];
    for (const [inputs, fault] of [
      [{ protocol: "TCP" }, 'protocol: "TCP": the listeners of an application load balancer speak HTTP or HTTPS'],
      [{ port: 65_536 }, "port: 65536 is out of range; allowed: 1 to 65535"],
      [
        { sslPolicy: "TLS-1-2" },
        'sslPolicy: "TLS-1-2" is not allowed: the name of a security policy of Elastic Load Balancing, such as ELBSecurityPolicy-TLS13-1-2-2021-06',
      ],
      [
        { mutualAuthentication: { mode: "verify" } },
        'mutualAuthentication: "verify": the sandbox leaves TLS out, so nobody shows a certificate; leave mutualAuthentication out',
      ],
      [actions(), "defaultActions: exactly one action is given, as the sandbox plays none that asks who a client is (given: 0)"],
      [
        actions({ type: "authenticate-oidc" }),
        "defaultActions[]: the sandbox does not play authenticate-oidc: it has nobody to ask who a client is. It plays forward, redirect and fixed-response",
      ],
      [
        actions({ type: "send" }),
        'defaultActions[]: type: "send" is not one of the allowed values: forward, redirect, fixed-response',
      ],
      [
        actions({ type: "forward" }),
        "defaultActions[]: a forward action has exactly one of targetGroupArn and forward (given: none)",
      ],
      [
        actions({ ...forward(a), targetGroupArn: "a" }),
        "defaultActions[]: a forward action has exactly one of targetGroupArn and forward (given: both)",
      ],
      [actions(forward(a, b, a)), "defaultActions[]: the target group a is named twice"],
      [actions(forward()), "defaultActions[]: forward has 1 to 5 target groups, not 0"],
      [actions(forward({ ...a, weight: 1000 })), "defaultActions[]: weight: 1000 is out of range; allowed: 0 to 999"],
      [
        actions({ type: "forward", forward: { targetGroups: [a], stickiness: { duration: 0 } } }),
        "defaultActions[]: stickiness.duration: 0 is out of range; allowed: 1 to 604800",
      ],
      [actions({ type: "redirect" }), "defaultActions[]: a redirect action needs redirect"],
      [
        actions({ type: "redirect", redirect: { statusCode: "301" } }),
        'defaultActions[]: redirect.statusCode: "301" is not one of the allowed values: HTTP_301, HTTP_302',
      ],
      [
        actions({ type: "redirect", redirect: { statusCode: "HTTP_301", port: "https" } }),
        'defaultActions[]: redirect.port: "https" is neither a port from 1 to 65535 nor #{port}',
      ],
      [
        actions({ type: "redirect", redirect: { statusCode: "HTTP_301", path: "cart" } }),
        'defaultActions[]: redirect.path: "cart" is not allowed: a path begins with a slash and has at most 128 characters',
      ],
      [
        actions({ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "301" } }),
        'defaultActions[]: fixedResponse.statusCode: "301" is not a status of 2XX, 4XX or 5XX',
      ],
      [
        actions({ type: "fixed-response", fixedResponse: { contentType: "text/xml", statusCode: "200" } }),
        'defaultActions[]: fixedResponse.contentType: "text/xml" is not one of the allowed values: text/plain, text/css, text/html, application/javascript, application/json',
      ],
    ] as readonly [Props, string][]) {
      it(`${JSON.stringify(inputs)} is refused`, () => {
        const asked = { loadBalancerArn: balancer.id, port: 80, defaultActions: [{ type: "forward", targetGroupArn: group.id }] };
        assert.deepEqual(elb.faults(type.listener, { ...asked, ...inputs }), [fault]);
      });
    }
  });
});
