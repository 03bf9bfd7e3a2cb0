import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { type RunningConsole, startConsole } from "../../../sandbox/src/console/console.ts";
import type { ConsoleSnapshot } from "../../../sandbox/src/console/sources.ts";
import { noBrowser, openBrowser } from "../../support/browser.ts";
import { NOON, process, sample } from "./sample.ts";

describe("the console in a browser", function () {
  this.timeout(60_000);
  let running: RunningConsole;
  let browser: Browser;
  let page: Page;
  let world: ConsoleSnapshot;
  let asked: unknown[];
  let faultsOf: string[];

  before(async function () {
    const why = noBrowser();
    if (why !== undefined) {
      this.test?.parent?.tests.forEach((test) => (test.title += ` (${why})`));
      this.skip();
    }
    running = await startConsole({
      token: "the-token-of-a-console-in-a-browser",
      refreshMilliseconds: 100,
      sources: {
        snapshot: () => world,
        tail: (name) => [`the log of ${name}`],
        kill: (name) => void asked.push(["kill", name]),
        addFault: (fault) => {
          if ((fault as { service?: string }).service === "s4")
            throw new Error('service is "s4", which the sandbox does not serve');
          return asked.push(["add", fault]);
        },
        removeFault: (id) => asked.push(["remove", id]),
        clearFaults: () => void asked.push(["clear"]),
        now: () => NOON,
      },
    });
    browser = await openBrowser();
    // The picture moves for those who like it; drawing that without a graphics processor would take most of the time here.
    page = await browser.newPage({ reducedMotion: "reduce" });
    page.on("pageerror", (error) => faultsOf.push(error.message));
    page.on("dialog", (dialog) => {
      faultsOf.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  });
  beforeEach(async () => {
    world = sample();
    [asked, faultsOf] = [[], []];
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(running.url);
  });
  afterEach(() => {
    assert.deepEqual(faultsOf, []);
  });
  after(async () => {
    await (browser as Browser | undefined)?.close();
    await (running as RunningConsole | undefined)?.close();
  });

  for (const [what, scheme, width] of [
    ["by day", "light", 1280],
    ["at night on a phone", "dark", 390],
  ] as const) {
    it(`can be used by everybody, ${what}, and fits`, async () => {
      world = { ...sample(), faults: [1, 2].map((at) => ({ id: `latency-${at}`, description: "adds 500 ms to each call" })) };
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${new URL("/", running.url).href}?log=postgres`);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
      assert.deepEqual(found, []);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    });
  }

  it("shows what changes without being loaded again, and leaves what somebody types alone", async () => {
    await page.fill("#search", "postgres");
    await page.fill('.offer input[name="calls"]', "3");
    world = {
      ...sample(),
      processes: [process("worker")],
      faults: [{ id: "throttle-1", description: "throttles the next 3 calls" }],
    };
    await page.waitForSelector("#processes >> text=worker");
    await page.waitForSelector("#faults >> text=throttles the next 3 calls");
    assert.equal(await page.inputValue("#search"), "postgres");
    assert.equal(await page.inputValue('.offer input[name="calls"]'), "3");
  });

  it("finds resources by all of the words", async () => {
    await page.fill("#search", "subnet eu-central-1b");
    assert.equal(await page.textContent("#found"), "3 of 35");
    assert.equal(await page.locator("#resources tbody tr:visible").count(), 3);
    await page.fill("#search", "");
    assert.equal(await page.locator("#resources tbody tr:visible").count(), 35);
  });

  it("kills a process when that is meant, and not before", async () => {
    const kill = page.locator("#processes button", { hasText: "Kill postgres" });
    await kill.click();
    assert.match((await page.textContent("#confirm-text")) ?? "", /^Kill postgres with SIGKILL\?/);
    await page.click('#confirm button[value="no"]');
    assert.deepEqual(asked, []);
    await kill.click();
    await Promise.all([page.waitForResponse(/\/console\/faults\/kill$/), page.click('#confirm button[value="yes"]')]);
    assert.deepEqual(asked, [["kill", "postgres"]]);
  });

  it("puts a fault in as it was filled in, and says why one cannot be", async () => {
    const latency = page.locator(".offer", { hasText: "ms to each call" });
    await latency.locator('input[name="ms"]').fill("250");
    await latency.locator('input[name="service"]').fill("s3");
    await Promise.all([page.waitForResponse(/\/console\/faults\/add$/), latency.locator("button").click()]);
    assert.deepEqual(asked, [["add", { kind: "latency", ms: 250, service: "s3" }]]);
    await latency.locator('input[name="service"]').fill("s4");
    await latency.locator("button").click();
    await page.waitForSelector("#notice:visible");
    assert.equal(await page.textContent("#notice"), 'service is "s4", which the sandbox does not serve\n');
  });

  it("ends one fault, or all of them", async () => {
    world = { ...sample(), faults: [1, 2].map((at) => ({ id: `latency-${at}`, description: "adds 500 ms to each call" })) };
    await page.waitForSelector("#faults >> text=latency-2");
    await Promise.all([
      page.waitForResponse(/\/console\/faults\/remove$/),
      page.locator("#faults button", { hasText: "End latency-2" }).click(),
    ]);
    await page.locator("#faults button", { hasText: "End all faults" }).click();
    await Promise.all([page.waitForResponse(/\/console\/faults\/clear$/), page.click('#confirm button[value="yes"]')]);
    assert.deepEqual(asked, [["remove", "latency-2"], ["clear"]]);
  });

  it("follows the log of the process that is chosen", async () => {
    await page.locator("#processes a", { hasText: "Log of postgres" }).click();
    await page.waitForSelector("#log >> text=the log of postgres");
    assert.match(page.url(), /\?log=postgres$/);
    assert.equal(await page.textContent("#log-name"), "postgres");
  });

  it("leads from the picture to the row that tells more, also where the search hides it", async () => {
    await page.fill("#search", "bucket");
    await page.locator(".topology a", { hasText: "platform-app" }).first().click();
    assert.match(page.url(), /#r-/);
    await page.waitForFunction("document.querySelector('#resources tr:target')?.hidden === false");
    assert.equal(await page.inputValue("#search"), "");
  });

  it("runs nothing that came from elsewhere", async () => {
    const nasty = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
    world = {
      ...sample(),
      processes: [process(nasty)],
      events: [{ at: NOON, message: nasty }],
      faults: [{ id: nasty, description: nasty }],
      alarms: [{ name: nasty, state: "ALARM", reason: nasty }],
      mail: [{ at: NOON, to: nasty, subject: nasty, body: nasty }],
    };
    await page.goto(`${new URL("/", running.url).href}?log=${encodeURIComponent(nasty)}`);
    await page.waitForSelector("#processes >> text=onerror");
    assert.equal(await page.textContent("#log"), `the log of ${nasty}`);
    assert.equal(await page.locator("main img, main script").count(), 0);
  });
});
