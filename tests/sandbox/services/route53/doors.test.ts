import assert from "node:assert/strict";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import { type Props, text } from "../../../../sandbox/src/core/values.ts";
import { grantDomain, OWN_ZONE } from "../../../../sandbox/src/services/route53/own-domain.ts";
import { refused } from "../../support/refused.ts";
import { type Answer, ElbFixture, type } from "../elbv2/support.ts";

const NAME = "shop.example.com";

describe("names of the sandbox's own domain", () => {
  let elb: ElbFixture;
  let vpc: Resource;
  let subnets: [Resource, Resource];
  let address: Resource;
  let balancer: Resource;
  before(async () => {
    elb = new ElbFixture();
    await elb.withImage();
    grantDomain(elb.cloud);
    grantDomain(elb.cloud);
    ({ vpc, subnets } = await elb.zones());
    const old = await elb.create(type.instance, {
      ami: "ami-0123456789abcdef0",
      instanceType: "t4g.small",
      subnetId: subnets[0].id,
      userData: elb.userData({ LABEL: "monolith" }, NAME),
    });
    address = await elb.create(type.address, { domain: "vpc" });
    await elb.create(type.association, { allocationId: address.id, instanceId: old.id });
    balancer = await elb.balancer(subnets);
    const group = await elb.group(vpc);
    await elb.listener(balancer, group);
    await elb.attach(group, await elb.server(subnets[1], "fleet"));
    await elb.balancing.check();
  });
  after(() => elb.end());

  const record = (inputs: Props): Props => ({ zoneId: OWN_ZONE.id, name: NAME, type: "A", ...inputs });
  const addressed = (): Props => record({ ttl: 60, records: [text(address.outputs, "publicIp")] });
  const aliased = (name = NAME): Props =>
    record({
      name,
      aliases: [{ name: balancer.outputs["dnsName"], zoneId: balancer.outputs["zoneId"], evaluateTargetHealth: true }],
    });
  const doorOf = (name: string): string | undefined => elb.cloud.addresses.doors().find(([each]) => each === name)?.[1].url;

  async function labelAt(url: string | undefined): Promise<string> {
    return ((await (await fetch(url ?? "")).json()) as Answer).label;
  }

  it("are what the account has before any stack, and what nobody makes", async () => {
    assert.deepEqual(
      elb.cloud.world.all(type.zone).map(({ id, urn }) => [id, urn]),
      [["Z0123456789ABCDEFGHIJ", ""]],
    );
    await refused(elb.create(type.zone, { name: "example.com" }), "InvalidDomainName", "example.com is reserved by AWS!");
    await refused(
      elb.create(type.record, { ...addressed(), zoneId: "Z9999999999ABCDEFGHIJ" }),
      "NoSuchHostedZone",
      "No hosted zone found with ID: Z9999999999ABCDEFGHIJ",
    );
  });

  it("have a door at which the product already knows itself, before a record leads there", async () => {
    assert.equal(await labelAt(doorOf(NAME)), "monolith");
    assert.equal(elb.cloud.addresses.resolve(`${NAME}:443`)?.port, Number(new URL(doorOf(NAME) ?? "").port));
  });

  it("move from a server to a load balancer at the same door, when the record is forgotten, and no request is lost", async () => {
    const before = await elb.create(type.record, addressed());
    const url = doorOf(NAME) ?? "";
    const [labels, statuses] = [new Set<string>(), new Set<number>()];
    let isOver = false;
    let asked = 0;
    const client = async (): Promise<void> => {
      while (!isOver) {
        const response = await fetch(url, { method: "POST", body: "an order" });
        statuses.add(response.status);
        labels.add(((await response.json()) as Answer).label);
        asked++;
      }
    };
    const clients = Promise.all([client(), client(), client()]);
    const more = async (count: number): Promise<void> => {
      for (const until = asked + count; asked < until;) await fetch(url).then((response) => response.text());
    };
    await more(20);
    await elb.stack.update(before, "r", aliased());
    await more(20);
    assert.deepEqual([...labels], ["monolith"]);
    elb.cloud.pass(60_000);
    await more(20);
    isOver = true;
    await clients;
    assert.deepEqual([[...labels], [...statuses], doorOf(NAME)], [["monolith", "fleet"], [200], url]);
    assert.equal(await labelAt(url), "fleet");
  });

  it("have their door again, at the same port, when the daemon was started anew", async () => {
    const url = doorOf(NAME);
    await elb.closeDoors();
    await assert.rejects(fetch(url ?? ""), TypeError);
    await elb.stack.engine.resume();
    assert.equal(doorOf(NAME), url);
    assert.equal(await labelAt(url), "fleet");
  });

  it("lead on from one to another, and none leads in a circle", async () => {
    const cname = (name: string, target: string): Promise<Resource> =>
      elb.create(type.record, record({ name, type: "CNAME", ttl: 300, records: [target] }));
    await elb.create(type.record, aliased(`origin.${NAME}`));
    await cname(`www.${NAME}`, `${NAME}.`);
    await cname(`one.${NAME}`, `two.${NAME}`);
    await cname(`two.${NAME}`, `one.${NAME}`);
    assert.deepEqual(
      elb.cloud.addresses.doors().map(([name]) => name),
      [NAME, `origin.${NAME}`, `www.${NAME}`, address.id, "web"],
    );
    for (const name of ["origin", "www"]) assert.equal(await labelAt(doorOf(`${name}.${NAME}`)), "fleet");
  });

  it("have no door where they lead to somebody else", async () => {
    await elb.create(type.record, record({ name: `mail.${NAME}`, ttl: 300, records: ["192.0.2.1"] }));
    assert.equal(doorOf(`mail.${NAME}`), undefined);
  });

  it("are shared out by the weights of their records", async () => {
    const name = `canary.${NAME}`;
    const weighted = (setIdentifier: string, weight: number): Props => ({
      setIdentifier,
      weightedRoutingPolicies: [{ weight }],
    });
    await elb.create(type.record, { ...addressed(), name, ...weighted("old", 3) });
    await elb.create(type.record, { ...aliased(name), ...weighted("new", 1) });
    elb.cloud.pass(60_000);
    const labels: string[] = [];
    for (let time = 0; time < 4; time++) labels.push(await labelAt(doorOf(name)));
    assert.deepEqual(labels.sort(), ["fleet", "monolith", "monolith", "monolith"]);
  });

  it("go with their zone", async () => {
    const zone = await elb.create(type.zone, { name: "example.org", forceDestroy: true });
    await elb.create(type.record, { ...addressed(), zoneId: zone.id, name: "www" });
    const url = doorOf("www.example.org") ?? "";
    assert.equal(await labelAt(url), "monolith");
    await elb.stack.delete(zone);
    assert.equal(doorOf("www.example.org"), undefined);
    await assert.rejects(fetch(url), TypeError);
  });
});
