import assert from "node:assert/strict";
import { ask } from "./browse.ts";
import { NOON, PLANTED, process, resource, sample } from "./sample.ts";
import { ServedConsole } from "./served.ts";

describe("the console", () => {
  let served: ServedConsole;
  beforeEach(async () => {
    served = await ServedConsole.start();
  });
  afterEach(() => served.close());

  describe("its page", () => {
    const count = (text: string, what: RegExp): number => [...text.matchAll(what)].length;

    it("shows what there is", async () => {
      const { status, body } = await served.open("/");
      assert.equal(status, 200);
      assert.match(body, /All well: 35 resources, 2 processes/);
      assert.match(body, /account 123456789012 · eu-central-1\s*</);
      assert.match(body, /class="card database ok"/);
      assert.equal(count(body, /class="card /g), 11);
      assert.equal(count(body, /class="cell public"/g), 3);
      assert.equal(count(body, /class="flow( busy)?"/g), 4);
      assert.equal(count(body, /<tr\s+id="r-/g), 35);
      assert.equal(count(body, /action="\/console\/faults\/kill"/g), 2);
      assert.match(body, /href="http:\/\/127\.0\.0\.1:41080">Open the product</);
    });

    it("offers faults that can be put in, for the services that there are, and ends those in force", async () => {
      served.world = () => ({ ...sample(), faults: [{ id: "latency-1", description: "adds 500 ms to each call" }] });
      const { body } = await served.open("/");
      const kinds = [...body.matchAll(/name="kind" value="([\w-]+)"/g)].map((found) => found[1]);
      assert.deepEqual(kinds, ["throttle", "fail-create", "latency"]);
      const services = [...body.matchAll(/<option value="([\w-]+)">/g)].map((found) => found[1]);
      assert.deepEqual(services, ["backup", "cloudwatch", "ec2", "kms", "random", "rds", "s3", "secretsmanager", "sns", "vpc"]);
      assert.match(body, /adds 500 ms to each call<span class="quiet">latency-1<\/span>/);
      assert.equal(count(body, /action="\/console\/faults\/remove"/g), 1);
    });

    it("tells a message that was sent from one that AWS would have kept back", async () => {
      const to = "ops@example.com";
      served.world = () => ({
        ...sample(),
        mail: [
          { at: NOON, to, subject: "ALARM", body: "CPU is high", delivered: true },
          { at: NOON, to, subject: "OK", delivered: false },
        ],
      });
      const { body } = await served.open("/");
      assert.match(body, /<summary>ALARM<\/summary>\s*<pre>CPU is high<\/pre>/);
      assert.equal(count(body, /kept back: the address has not confirmed its subscription/g), 1);
    });

    it("shows what programs asked for before what the cloud made beside it", async () => {
      served.world = () => ({
        ...sample(),
        resources: [
          { ...resource("aws:ec2/routeTable:RouteTable", "", "rtb-0born"), urn: "" },
          resource("aws:ec2/vpc:Vpc", "platform-network", "vpc-1"),
        ],
      });
      const { body } = await served.open("/");
      assert.ok(body.indexOf('id="r-Vpc-') < body.indexOf('id="r-RouteTable-'));
    });

    it("needs nothing from elsewhere and holds no code", async () => {
      const { body } = await served.open("/");
      const addresses = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map((found) => found[1] ?? "");
      const foreign = addresses.filter((address) => !/^(\/console\/assets\/|#r-|\?log=)/.test(address));
      assert.deepEqual([...new Set(foreign)], ["http://127.0.0.1:41080"]);
      assert.equal(count(body, /<script\b(?! type="module" src="\/console\/assets\/client\.[0-9a-f]{12}\.js"><\/script>)/g), 0);
      assert.equal(count(body, / (?:style|on\w+)="/g), 0);
      for (const address of addresses.filter((found) => found.startsWith("/console/assets/"))) {
        const asset = await ask(served.base, address);
        assert.equal(asset.status, 200, address);
        assert.match(String(asset.headers["cache-control"]), /immutable/);
      }
    });

    it("shows no secret, wherever it has got to", async () => {
      served.world = () => ({
        ...sample(),
        events: [{ at: NOON, message: "the vault said: kept-by-secrets-manager" }],
        secrets: ["kept-by-secrets-manager"],
      });
      for (const path of ["/", "/?log=postgres"]) {
        const { body } = await served.open(path);
        assert.ok(!body.includes(PLANTED), path);
        assert.ok(!body.includes("kept-by-secrets-manager"), path);
      }
      assert.match((await served.open("/?log=postgres")).body, /password=•••/);
    });

    it("writes what came from elsewhere as text", async () => {
      const nasty = `"><script>alert(1)</script>`;
      served.world = () => ({
        ...sample(),
        resources: [resource("aws:s3/bucket:Bucket", nasty, nasty, { bucket: nasty })],
        processes: [process(nasty)],
        doors: [{ name: nasty, url: "javascript:alert(1)", target: nasty }],
        events: [{ at: NOON, message: nasty }],
        faults: [{ id: nasty, description: nasty }],
        alarms: [{ name: nasty, state: "ALARM", reason: nasty }],
        mail: [{ at: NOON, to: nasty, subject: nasty, body: nasty }],
      });
      const { body } = await served.open(`/?log=${encodeURIComponent(nasty)}`);
      assert.equal(count(body, /<script/g), 1);
      assert.ok(!body.includes(`href="javascript:`));
    });

    it("says so when there is nothing", async () => {
      served.world = () => ({ ...sample(), resources: [], processes: [], doors: [], alarms: [], events: [], mail: [] });
      const { body } = await served.open("/");
      assert.match(body, /Empty: nothing has been deployed/);
      assert.match(body, /Nothing is deployed yet: npm start/);
    });
  });

  describe("its buttons", () => {
    it("kill, add, end and clear", async () => {
      for (const [path, form] of [
        ["kill", { process: "postgres" }],
        ["add", { kind: "latency", ms: "500", service: "" }],
        ["add", { kind: "throttle", calls: "20", service: " s3 " }],
        ["remove", { fault: "latency-1" }],
        ["clear", {}],
      ] as const)
        assert.equal((await served.press(`/console/faults/${path}`, form)).status, 303);
      assert.deepEqual(served.done, [
        ["kill", "postgres"],
        ["add", { kind: "latency", ms: 500 }],
        ["add", { kind: "throttle", calls: 20, service: "s3" }],
        ["remove", "latency-1"],
        ["clear"],
      ]);
    });

    it("pass on why something cannot be done", async () => {
      const { status, body } = await served.press("/console/faults/kill", { process: "postgre" });
      assert.equal(status, 409);
      assert.equal(body, "no process is called postgre; there are: postgres\n");
    });
  });
});
