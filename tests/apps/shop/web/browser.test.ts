import { AxeBuilder } from "@axe-core/playwright";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { noBrowser, openBrowser } from "../../../support/browser.ts";
import { PASSWORD } from "../support/customer.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { workUntil } from "../support/until.ts";

/** A small window: drawing without a graphics processor takes most of the time here. */
const settings = { viewport: { width: 700, height: 500 }, reducedMotion: "reduce" } as const;

describe("the shop in a browser", function () {
  this.timeout(60_000);
  let shop: TestShop;
  let browser: Browser;
  let url: string;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  before(async function () {
    const why = noBrowser();
    if (why !== undefined) {
      for (const test of this.test?.parent?.tests ?? []) test.title += ` (${why})`;
      this.skip();
    }
    shop = await openShop();
    await query(
      shop.databaseUrl,
      `INSERT INTO catalog.popularity VALUES ('chalk-candlestick', 4), ('dusk-bud-vase', 3), ('saffron-creamer', 2), ('oat-tea-caddy', 1)`,
    );
    await shop.app.listen({ host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${(shop.app.server.address() as AddressInfo).port}`;
    browser = await openBrowser();
  });
  beforeEach(async () => {
    context = await browser.newContext({ ...settings, baseURL: url });
    await open();
  });
  afterEach(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  after(async () => {
    await (browser as Browser | undefined)?.close();
    await (shop as TestShop | undefined)?.close();
  });

  /** A new page that hears of everything that goes wrong in it. */
  const open = async (): Promise<void> => {
    page = await context.newPage();
    faults = [];
    page.on("console", (message) => {
      // A page that says 409 to people is meant to.
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("requestfailed", (request) => {
      // Whoever goes on to the next page does not wait for the pictures of this one.
      const why = request.failure()?.errorText;
      if (why !== "net::ERR_ABORTED") faults.push(`${request.url()}: ${why ?? "failed"}`);
    });
  };
  const signUp = async (): Promise<string> => {
    const email = `${randomUUID()}@example.com`;
    await page.goto("/signup");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("Your account is ready.").waitFor();
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: "Your orders" }).waitFor();
    return email;
  };

  it("lets a person without JavaScript sign up, log in, browse, buy, see the order and leave", async () => {
    await context.close();
    context = await browser.newContext({ ...settings, baseURL: url, javaScriptEnabled: false });
    await open();
    await page.goto("/");
    await page.getByRole("link", { name: "Oat Mug" }).click();
    await page.getByRole("link", { name: "Log in to buy" }).click();
    await page.getByRole("link", { name: "Sign up" }).first().click();
    await signUp();
    await page.goto("/products/oat-mug");
    await page.getByLabel("Quantity").selectOption("3");
    await page.getByRole("button", { name: "Buy now" }).click();
    await page.getByText("It is placed.").waitFor();
    assert.match(page.url(), /\/orders\/[0-9a-f-]{36}$/);
    assert.deepEqual(await page.getByRole("row").last().allInnerTexts(), ["Total\t€78.00"]);
    await page.goto("/products/river-bowl");
    await page.getByRole("button", { name: "Add to cart" }).click();
    await page.getByRole("heading", { name: "Your cart" }).waitFor();
    await page.getByLabel("Quantity of River Bowl", { exact: true }).selectOption("2");
    await page.getByRole("button", { name: "Change the quantity of River Bowl" }).click();
    await page.getByText("€64.00").last().waitFor();
    await page.getByLabel("Pay with").selectOption("Test card that is declined");
    await page.getByRole("button", { name: "Pay and order" }).click();
    await page.getByText("The payment was declined.").waitFor();
    await page.getByRole("button", { name: "Pay and order" }).click();
    await page.getByText("It is placed.").waitFor();
    await page.getByRole("button", { name: "Send it back and get the money back" }).click();
    await page.getByText("Your money is on its way back.").waitFor();
    await page.getByRole("link", { name: "Your orders" }).first().click();
    await page.getByText("3 × Oat Mug").waitFor();
    await page.getByRole("link", { name: "Account" }).click();
    await page.getByLabel("Name").fill("Ada");
    await page.getByLabel("Home region").selectOption("Africa");
    await page.getByLabel("A mail for each order").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Your settings are saved.").waitFor();
    assert.deepEqual(
      [await page.getByLabel("Name").inputValue(), await page.getByLabel("Home region").inputValue()],
      ["Ada", "africa"],
    );
    assert.equal(await page.getByLabel("A mail for each order").isChecked(), false);
    await page.getByRole("link", { name: "Take a copy with you, or leave" }).click();
    await page.getByRole("button", { name: "Make a copy" }).click();
    await page.getByText("Soon begun").waitFor();
    await workUntil(shop, async () => (await query(shop.databaseUrl, "SELECT FROM users.exports")).length === 1);
    await page.getByRole("link", { name: "Look again" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download" }).click()]);
    assert.equal(download.suggestedFilename(), "my-data.json.gz");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("link", { name: "Log in" }).waitFor();
    await page.goto("/orders");
    assert.equal(new URL(page.url()).pathname, "/login");
  });

  it("comes back to the piece after a log-in on the way", async () => {
    await signUp();
    await page.goto("/products/fern-mug");
    await context.clearCookies({ name: /^(session|refresh)$/ });
    await page.getByRole("button", { name: "Buy now" }).click();
    await page.getByRole("heading", { name: "Log in" }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("next"), "/products/fern-mug");
  });

  it("shows every drawing, and loads nothing from anywhere else", async () => {
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await page.goto("/");
    const images = await page.locator("img").all();
    // The sign of the shop, four that are bought most, and all 24.
    assert.equal(images.length, 29);
    const broken: string[] = [];
    for (const image of images) {
      await image.scrollIntoViewIfNeeded();
      const shown = await image.evaluate((element) => {
        const { decode, naturalWidth } = element as unknown as { decode: () => Promise<void>; naturalWidth: number };
        return decode.call(element).then(
          () => naturalWidth > 0,
          () => false,
        );
      });
      if (!shown) broken.push((await image.getAttribute("src")) ?? "");
    }
    assert.deepEqual(broken, []);
    assert.deepEqual([...hosts], [new URL(url).host]);
  });

  it("can be used by the keyboard alone, beginning with a way past the head of the page", async () => {
    await page.goto("/");
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").innerText(), "Skip to content");
    assert.ok(await page.locator(":focus").isVisible());
    await page.keyboard.press("Enter");
    await page.waitForURL(/#main$/);
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").getAttribute("id"), "q");
    await page.keyboard.type("candelstick");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/search\?q=candelstick/);
    await page.getByRole("link", { name: "Chalk Candlestick" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Chalk Candlestick" }).waitFor();
  });

  it("needs no sideways scrolling on a small phone", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await signUp();
    await page.goto("/products/harbour-serving-bowl");
    await page.getByRole("button", { name: "Buy now" }).click();
    await page.getByText("It is placed.").waitFor();
    const paths = ["/", "/products/harbour-serving-bowl", "/orders", "/cart", "/account", "/account/data", page.url(), "/none"];
    for (const path of paths) {
      await page.goto(path);
      assert.equal(await page.evaluate<number>("document.documentElement.scrollWidth"), 320, path);
    }
  });

  describe("has nothing that axe finds", () => {
    beforeEach(async () => {
      await context.close();
      // Axe works by script, which the pages' own policy forbids.
      context = await browser.newContext({ ...settings, baseURL: url, bypassCSP: true });
      await open();
    });

    const violations = async (rules: readonly string[] = []): Promise<string[]> => {
      const axe = new AxeBuilder({ page });
      const { violations: found } = await (rules.length === 0 ? axe : axe.withRules([...rules])).analyze();
      return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    };
    /** By night only the colours are others. */
    const both = async (path: string): Promise<void> => {
      await page.goto(path);
      await page.emulateMedia({ colorScheme: "light" });
      assert.deepEqual(await violations(), []);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await violations(["color-contrast"]), []);
    };

    for (const [what, path] of [
      ["the catalogue", "/"],
      ["a category", "/categories/bowls"],
      ["a search", "/search?q=bowl"],
      ["a search without finds", "/search?q=bicycle"],
      ["a product", "/products/oat-mug"],
      ["the sign-up", "/signup"],
      ["the page for a forgotten password", "/forgot"],
      ["what follows it", "/forgot?sent=1"],
      ["a link that does not work any more", "/reset?token=none"],
      ["the log-in", "/login?welcome=1&next=/orders"],
      ["a page that is not there", "/none"],
    ] as const)
      it(`on ${what}, light and dark`, () => both(path));

    it("on the pages of somebody who is logged in, light and dark", async () => {
      await signUp();
      await both("/orders");
      await both("/products/oat-bowl");
      await page.getByRole("button", { name: "Buy now" }).click();
      await page.getByText("It is placed.").waitFor();
      await both(page.url());
      await both("/orders");
      await both("/cart");
      await page.goto("/products/fern-mug");
      await page.getByRole("button", { name: "Add to cart" }).click();
      await both("/cart");
      await both("/account");
      await page.goto("/account/data");
      await page.getByRole("button", { name: "Make a copy" }).click();
      await both("/account/data?asked=1");
    });

    it("on the operator's page, light and dark", async () => {
      const email = await signUp();
      assert.equal(await shop.modules.auth.makeOperator(email), true);
      await query(
        shop.databaseUrl,
        `INSERT INTO jobs.jobs (id, kind, input, max_attempts, state, last_error, finished_at) VALUES (gen_random_uuid(), 'some-kind', '{}', 3, 'dead', 'why', now())`,
      );
      await shop.modules.analytics.sold({
        eventId: randomUUID(),
        at: new Date(),
        lines: [{ productId: "oat-mug", quantity: 2, unitPriceCents: 2600 }],
      });
      await shop.modules.analytics.makeReports(new Date(Date.now() + 25 * 3_600_000));
      await both("/operator");
    });

    it("on forms that say what is wrong", async () => {
      await page.goto("/signup");
      await page.getByRole("button", { name: "Create account" }).click();
      await page.getByRole("alert").waitFor();
      assert.deepEqual(await violations(), []);
      await signUp();
      await page.goto("/account");
      await page.getByLabel("Name").fill("x".repeat(81));
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("alert").waitFor();
      assert.deepEqual(await violations(), []);
      await page.goto("/account/data");
      await page.getByRole("button", { name: "Delete my account" }).click();
      await page.getByText("Enter your password.").waitFor();
      assert.deepEqual(await violations(), []);
    });

    it("on a product that somebody else bought first, and on one that is sold out", async () => {
      await signUp();
      await page.goto("/products/fern-platter");
      await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 1 WHERE id = 'fern-platter'");
      await page.getByLabel("Quantity").selectOption("2");
      await page.getByRole("button", { name: "Buy now" }).click();
      await page.getByText("Of Fern Platter, 1 are left.").waitFor();
      assert.deepEqual(await violations(), []);
      await query(shop.databaseUrl, "UPDATE catalog.products SET stock = 0 WHERE id = 'fern-platter'");
      await both("/products/fern-platter");
    });
  });
});
