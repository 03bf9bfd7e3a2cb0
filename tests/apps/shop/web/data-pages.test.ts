import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { readCopy, workOff } from "../support/my-data.ts";
import { query } from "../support/postgres.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { Visitor } from "../support/visitor.ts";

describe("the page of one's data", () => {
  let shop: TestShop;
  let someone: Visitor;
  let email: string;
  before(async () => (shop = await openShop()));
  beforeEach(async () => {
    someone = new Visitor(shop.app);
    email = `${randomUUID()}@example.com`;
    await someone.enter(email, PASSWORD);
  });
  after(() => shop.close());

  const page = async (): Promise<string> => (await someone.get("/account/data")).body;
  const leave = (password: string) => someone.submit("/account/data", "/account/deletion", { password });

  it("has a copy made, says how far it is, and gives it to its owner alone", async () => {
    assert.ok(!(await page()).includes("<progress"));
    const asked = await someone.submit("/account/data", "/account/exports");
    assert.deepEqual([asked.statusCode, asked.headers.location], [303, "/account/data?asked=1"]);
    assert.match((await someone.get("/account/data?asked=1")).body, /role="status">We are making your copy\./);
    assert.match(await page(), /<strong>Soon begun<\/strong>.*<progress max="100" value="0" aria-label="How far it is">/s);
    await workOff(shop, "export-data");
    const [, path = ""] = /href="(\/account\/exports\/[0-9a-f-]{36})" download>Download</.exec(await page()) ?? [];
    const { account } = readCopy(await someone.get(path)) as { account: { email: string } };
    assert.equal(account.email, email);
    const other = new Visitor(shop.app);
    assert.equal((await other.get(path)).headers.location, "/login?next=/account/data");
    await other.enter(`${randomUUID()}@example.com`, PASSWORD);
    assert.equal((await other.get(path)).statusCode, 404);
  });

  it("says when a copy did not work, and offers none", async () => {
    await someone.submit("/account/data", "/account/exports");
    await query(shop.databaseUrl, "UPDATE jobs.jobs SET state = 'dead', finished_at = now() WHERE kind = 'export-data'");
    const body = await page();
    assert.match(body, /<strong>It did not work\. Try again in an hour\.<\/strong>/);
    assert.ok(!body.includes("Download"));
  });

  it("lets a person leave who gives the password", async () => {
    const answer = await leave(PASSWORD);
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/?left=1"]);
    const { body } = await someone.get("/?left=1");
    assert.match(body, /role="status">Your account is closed, and your data are being removed\. Farewell\.</);
    assert.match(body, /href="\/login">Log in</);
    assert.equal((await someone.submit("/login", "/login", { email, password: PASSWORD })).statusCode, 401);
  });

  it("keeps a person who does not, and says why", async () => {
    for (const [password, status, fault] of [
      ["", 422, "Enter your password."],
      ["not my password", 403, "This is not your password."],
    ] as const) {
      const answer = await leave(password);
      assert.equal(answer.statusCode, status);
      assert.ok(answer.body.includes(`<p class="fault" id="password-fault">${fault}</p>`));
    }
    for (let count = 0; count < 9; count += 1) await leave("guess");
    const limited = await leave(PASSWORD);
    assert.equal(limited.statusCode, 429);
    assert.match(limited.body, /role="alert">Too many wrong passwords\. Try again in a quarter of an hour\.</);
    assert.equal((await someone.get("/account")).statusCode, 200);
  });

  it("takes no form without the hidden token", async () => {
    for (const path of ["/account/exports", "/account/deletion"])
      assert.equal((await someone.post(path, { password: PASSWORD })).statusCode, 403, path);
  });

  it("is for those who are logged in", async () => {
    const nobody = new Visitor(shop.app);
    for (const answer of [
      await nobody.get("/account/data"),
      await nobody.post("/account/exports", {}),
      await nobody.post("/account/deletion", { password: PASSWORD }),
    ])
      assert.deepEqual([answer.statusCode, answer.headers.location], [303, "/login?next=/account/data"]);
  });
});
