import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { PASSWORD } from "../support/customer.ts";
import { mailsTo } from "../support/mail.ts";
import { workOff } from "../support/my-data.ts";
import { openShop, type TestShop } from "../support/shop.ts";
import { Visitor } from "../support/visitor.ts";

const NEW = "another long password";

describe("the pages for a forgotten password", () => {
  let shop: TestShop;
  let someone: Visitor;
  let email: string;
  before(async () => (shop = await openShop()));
  beforeEach(async () => {
    someone = new Visitor(shop.app);
    email = `${randomUUID()}@example.com`;
    await someone.submit("/signup", "/signup", { email, password: PASSWORD });
  });
  after(() => shop.close());

  const link = async (): Promise<string> => {
    await someone.submit("/forgot", "/forgot", { email });
    await workOff(shop, "send-password-reset");
    const [mail] = await mailsTo(shop.databaseUrl, email);
    return /\/reset\?token=[\w-]+/.exec(mail?.content ?? "")?.[0] ?? "";
  };

  it("lead from the log-in over a mail to another password", async () => {
    assert.match((await someone.get("/login")).body, /<a href="\/forgot">Forgotten your password\?</);
    const asked = await someone.submit("/forgot", "/forgot", { email });
    assert.deepEqual([asked.statusCode, asked.headers.location], [303, "/forgot?sent=1"]);
    assert.match(
      (await someone.get("/forgot?sent=1")).body,
      /role="status">If this address has an account, a mail is on its way/,
    );
    const path = await link();
    const changed = await someone.submit(path, "/reset", { password: NEW });
    assert.deepEqual([changed.statusCode, changed.headers.location], [303, "/login?reset=1"]);
    assert.match((await someone.get("/login?reset=1")).body, /role="status">Your password is changed\. Log in with it\.</);
    assert.equal((await someone.submit("/login", "/login", { email, password: NEW })).headers.location, "/");
    const again = await someone.get(path);
    assert.equal(again.statusCode, 410);
    assert.match(again.body, /role="alert">This link does not work any more\. .*href="\/forgot">Get another link</s);
  });

  it("say the same for an address without an account", async () => {
    const asked = await someone.submit("/forgot", "/forgot", { email: `${randomUUID()}@example.com` });
    assert.deepEqual([asked.statusCode, asked.headers.location], [303, "/forgot?sent=1"]);
  });

  it("keep the link when the password is too short, and say why", async () => {
    const path = await link();
    const answer = await someone.submit(path, "/reset", { password: "short" });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /id="password-fault">Use at least 10 characters\.</);
    assert.ok(answer.body.includes(`value="${path.slice("/reset?token=".length)}"`));
    assert.equal((await someone.get(path)).statusCode, 200);
  });

  it("say what is wrong with an address", async () => {
    const answer = await someone.submit("/forgot", "/forgot", { email: `"><script>` });
    assert.equal(answer.statusCode, 422);
    assert.match(answer.body, /id="email-fault">Enter an address like name@example\.com\.</);
    assert.ok(!answer.body.includes("<script"));
  });

  for (const token of ["", "x", "x".repeat(43), "%00", "../../etc/passwd", "x&token=y"])
    it(`know no link with the token ${JSON.stringify(token)}`, async () => {
      assert.equal((await someone.get(`/reset?token=${token}`)).statusCode, 410);
    });

  it("take no form without the hidden token", async () => {
    const path = await link();
    const token = path.slice("/reset?token=".length);
    assert.equal((await someone.post("/forgot", { email })).statusCode, 403);
    assert.equal((await someone.post("/reset", { token, password: NEW })).statusCode, 403);
    assert.equal((await someone.submit("/login", "/login", { email, password: PASSWORD })).headers.location, "/");
  });
});
