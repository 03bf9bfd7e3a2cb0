import assert from "node:assert/strict";
import { Passwords, usualCost } from "../../../../apps/shop/src/modules/auth/passwords.ts";
import { Problem } from "../../../../apps/shop/src/platform/http/problem.ts";
import { CHEAP } from "../support/shop.ts";

describe("passwords", () => {
  it("are hashed at OWASP's cost unless told otherwise", async () => {
    assert.deepEqual(usualCost, { logN: 14, r: 8, p: 5 });
    const passwords = new Passwords();
    const hash = await passwords.hash("correct horse battery staple");
    assert.match(hash, /^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/);
    assert.equal(await passwords.matches("correct horse battery staple", hash), true);
  });

  it("agree with the test vector of RFC 7914", async () => {
    // Section 12: "pleaseletmein", salt "SodiumChloride", N=16384, r=8, p=1, 64 bytes.
    const hash =
      "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887";
    const stored = `$scrypt$ln=14,r=8,p=1$${Buffer.from("SodiumChloride").toString("base64").replaceAll("=", "")}$${Buffer.from(hash, "hex").toString("base64").replaceAll("=", "")}`;
    const passwords = new Passwords();
    assert.equal(await passwords.matches("pleaseletmein", stored), true);
    assert.equal(await passwords.matches("pleaseletmeout", stored), false);
  });

  it("have another salt each", async () => {
    const passwords = new Passwords(CHEAP);
    assert.notEqual(await passwords.hash("the same"), await passwords.hash("the same"));
  });

  it("match nothing where nothing or something else is stored", async () => {
    const passwords = new Passwords(CHEAP);
    for (const stored of [undefined, "", "the same", "$2b$12$abcdefghijklmnopqrstuv", "$scrypt$ln=4,r=1,p=1$salt"])
      assert.equal(await passwords.matches("the same", stored), false);
  });

  it("are outdated when they were hashed at another cost, and still match", async () => {
    const hash = await new Passwords({ logN: 5, r: 1, p: 1 }).hash("the same");
    const passwords = new Passwords(CHEAP);
    assert.equal(passwords.isOutdated(hash), true);
    assert.equal(passwords.isOutdated(await passwords.hash("the same")), false);
    assert.equal(await passwords.matches("the same", hash), true);
  });

  it("are compared two at a time; beyond 32 that wait people are turned away, and afterwards let in again", async () => {
    const passwords = new Passwords(CHEAP);
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => passwords.hash("the same")));
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(outcomes.length - refused.length, 34);
    for (const { reason } of refused) {
      assert.ok(reason instanceof Problem);
      assert.equal(reason.fields.status, 503);
      assert.equal(reason.fields.title, "Too many people are logging in.");
    }
    await passwords.hash("the same");
  });
});
