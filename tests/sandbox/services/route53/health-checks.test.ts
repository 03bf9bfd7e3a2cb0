import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Resource } from "../../../../sandbox/src/core/definition.ts";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { locateName } from "../../../../sandbox/src/plane/name-doors.ts";
import { checkHealth } from "../../../../sandbox/src/services/route53/health-checks.ts";
import { refused } from "../../support/refused.ts";
import { NamesFixture, type as types } from "./support.ts";

const type = { ...types, check: "aws:route53/healthCheck:HealthCheck" } as const;
const BALANCER = "web-1.eu-central-1.elb.amazonaws.com";
const NAME = "shop.example.org";

describe("health checks of the sandbox", () => {
  let names: NamesFixture;
  let zone: Resource;
  let servers: Server[];
  let status: number;
  let seen: IncomingMessage[];
  beforeEach(async () => {
    names = new NamesFixture();
    servers = [];
    seen = [];
    status = 200;
    zone = await names.zone();
    await stands(BALANCER);
    names.stands("aws:lb/loadBalancer:LoadBalancer", "web", { dnsName: BALANCER });
    await names.alias(zone, "shop", { name: BALANCER, zoneId: "Z215JYRZR1TBD5" });
  });
  afterEach(async () => {
    await names.end();
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
  });

  /** Lets a program stand at an address of the cloud; it answers with the status of the moment. */
  async function stands(address: string): Promise<number> {
    const server = createServer((asked, response) => {
      seen.push(asked);
      response.writeHead(status).end("all is well");
    }).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    names.cloud.addresses.set(`${address}:443`, { host: "127.0.0.1", port });
    return port;
  }

  const inputs = (more: Props = {}): Props => ({ type: "HTTPS", fqdn: NAME, resourcePath: "/readyz", ...more });
  const make = (more: Props = {}): Promise<Resource> => names.create(type.check, inputs(more));
  const faults = (more: Props): string[] => names.stack.faults(type.check, "r", inputs(more));

  /** What was published of one metric, oldest first. */
  const values = (name: string): number[] =>
    names.cloud.metrics.filter((metric) => metric.name === name && metric.namespace === "AWS/Route53").map(({ value }) => value);

  /** Lets the interval between two checks pass so often, and asks each time. */
  async function intervals(count: number, seconds = 30): Promise<void> {
    for (let time = 0; time < count; time++) {
      await checkHealth(names.cloud);
      names.cloud.pass(seconds * 1000);
    }
  }

  it("get an ARN, and what is usual where nothing is said", async () => {
    const { id, outputs } = await make();
    assert.equal(outputs["arn"], `arn:aws:route53:::healthcheck/${id}`);
    const { enableSni, failureThreshold, port, requestInterval } = outputs;
    assert.deepEqual([enableSni, failureThreshold, port, requestInterval], [true, 3, 443, 30]);
    assert.equal((await make({ type: "HTTP" })).outputs["port"], 80);
  });

  it("ask by the name, as Route 53's checkers do, when the interval has passed", async () => {
    const { id } = await make({ measureLatency: true });
    await checkHealth(names.cloud);
    names.cloud.pass(29_999);
    await checkHealth(names.cloud);
    assert.deepEqual(
      seen.map(({ headers, url }) => [url, headers.host, headers["user-agent"]]),
      [["/readyz", NAME, `Amazon-Route53-Health-Check-Service (ref ${id}; report http://amzn.to/1vsZADi)`]],
    );
    names.cloud.pass(1);
    await checkHealth(names.cloud);
    assert.equal(seen.length, 2);
    assert.deepEqual(values("HealthCheckStatus"), [1, 1]);
    assert.equal(values("TimeToFirstByte").length, 2);
    assert.deepEqual(names.cloud.metrics[0]?.dimensions, { HealthCheckId: id });
  });

  it("change their mind after so many failures in a row, and back after so many successes", async () => {
    await make({ failureThreshold: 2 });
    await intervals(1);
    status = 500;
    await intervals(1);
    status = 200;
    await intervals(1);
    status = 503;
    await intervals(2);
    status = 302;
    await intervals(2);
    assert.deepEqual(values("HealthCheckStatus"), [1, 1, 1, 1, 0, 0, 1]);
    assert.deepEqual(names.cloud.notes, [
      `The health check of ${NAME} is unhealthy: HTTP status code 503`,
      `The health check of ${NAME} is healthy`,
    ]);
  });

  it("fail where the name leads nowhere, and where nobody takes the connection", async () => {
    await make({ fqdn: "none.example.org", failureThreshold: 1 });
    await make({ ipAddress: "203.0.113.9", failureThreshold: 1 });
    await intervals(1);
    assert.deepEqual(names.cloud.notes.sort(), [
      "The health check of none.example.org is unhealthy: The name none.example.org leads nowhere.",
      `The health check of ${NAME} is unhealthy: nothing answers at 203.0.113.9:443`,
    ]);
  });

  it("look for words in the answer", async () => {
    await make({ type: "HTTPS_STR_MATCH", searchString: "all is well", failureThreshold: 1 });
    await make({ type: "HTTPS_STR_MATCH", searchString: "nothing is", failureThreshold: 1 });
    await intervals(1);
    assert.deepEqual(names.cloud.notes, [`The health check of ${NAME} is unhealthy: the answer does not hold "nothing is"`]);
  });

  it("ask nobody while they are switched off, and say the contrary where they are inverted", async () => {
    await make({ disabled: true });
    await intervals(2);
    assert.deepEqual(seen, []);
    await make({ invertHealthcheck: true, failureThreshold: 1 });
    await intervals(1);
    assert.deepEqual(values("HealthCheckStatus"), [0]);
  });

  it("lead a name to its secondary while its primary is not well, and back", async () => {
    const backup = "backup-1.eu-central-1.elb.amazonaws.com";
    names.stands("aws:lb/loadBalancer:LoadBalancer", "backup", { dnsName: backup });
    const second = await stands(backup);
    const first = names.cloud.addresses.resolve(`${BALANCER}:443`)?.port;
    const { id } = await make({ failureThreshold: 1 });
    const set = (setIdentifier: string, kind: string, name: string, more: Props = {}): Promise<Resource> =>
      names.alias(
        zone,
        "app",
        { name, zoneId: "Z215JYRZR1TBD5" },
        { setIdentifier, failoverRoutingPolicies: [{ type: kind }], ...more },
      );
    await set("two", "SECONDARY", backup);
    await set("one", "PRIMARY", BALANCER, { healthCheckId: id });
    const port = (): number | undefined => {
      names.cloud.pass(60_000);
      const led = locateName(names.cloud, "app.example.org");
      return typeof led === "string" ? undefined : led.port;
    };
    assert.equal(port(), first);
    status = 500;
    await intervals(1);
    assert.equal(port(), second);
    status = 200;
    await intervals(1);
    assert.equal(port(), first);
  });

  it("are named by records only where they exist", async () => {
    await refused(
      names.record(zone, "www", "A", ["192.0.2.1"], { healthCheckId: "none" }),
      "InvalidInput",
      "The health check none does not exist",
    );
  });

  it("are refused before anything is made", () => {
    for (const [more, fault] of [
      [{ type: "TCP" }, 'type: "TCP": the sandbox asks web servers only; it plays HTTP, HTTPS, HTTP_STR_MATCH, HTTPS_STR_MATCH'],
      [{ fqdn: undefined }, "type: fqdn or ipAddress must be given: whom to ask"],
      [{ searchString: "x" }, 'type: searchString goes with HTTP_STR_MATCH and HTTPS_STR_MATCH, which need it (given: "HTTPS")'],
      [{ requestInterval: 60 }, "requestInterval: 60 is not one of the allowed values: 10, 30"],
      [{ failureThreshold: 11 }, "failureThreshold: 11 is out of range; allowed: 1 to 10"],
      [{ resourcePath: "readyz" }, 'resourcePath: "readyz" is not allowed: a path begins with a slash'],
      [{ regions: ["us-east-1"] }, "regions: at least 3 regions are given (given: 1)"],
    ] as readonly [Props, string][])
      assert.deepEqual(faults(more), [fault]);
  });

  it("are replaced for what can't be changed", () => {
    const now = inputs({ type: "HTTP", requestInterval: 10, measureLatency: true, port: 81 });
    const { changes } = names.stack.engine.diff(type.check, inputs(), now);
    assert.deepEqual(changes.flatMap(({ path, replace }) => (replace ? [path] : [])).sort(), [
      "measureLatency",
      "requestInterval",
      "type",
    ]);
  });
});
