import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  type Billing,
  type ChargeState,
  createBilling,
  decideTestCharge,
  type PaymentProvider,
  testPayments,
} from "../../../../apps/shop/src/modules/billing/index.ts";
import { type Catalog, createCatalog } from "../../../../apps/shop/src/modules/catalog/index.ts";
import { createJobs, JobStore } from "../../../../apps/shop/src/modules/jobs/index.ts";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";
import type { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { databaseAt, migratedDatabase, query } from "../support/postgres.ts";

/** A provider that does as it is told, and remembers what it was asked. */
class ScriptedProvider implements PaymentProvider {
  readonly asked: string[] = [];
  readonly answers: (ChargeState | Error)[] = [];
  /** What it says once the answers are used up. */
  last: ChargeState = "paid";
  takes = (): boolean => true;
  charge({ id, amountCents, currency }: { id: string; amountCents: number; currency: string }): Promise<ChargeState> {
    this.asked.push(`charge ${id} ${amountCents} ${currency}`);
    const answer = this.answers.shift() ?? this.last;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }
  refund(id: string): Promise<void> {
    this.asked.push(`refund ${id}`);
    return Promise.resolve();
  }
}

describe("paying for an order", () => {
  let url: string;
  let database: Database;
  let catalog: Catalog;
  let provider: ScriptedProvider;
  let billing: Billing;
  let faults: unknown[];
  before(async () => {
    url = await migratedDatabase();
    database = databaseAt(url, 20);
    catalog = createCatalog(database);
  });
  beforeEach(() => {
    provider = new ScriptedProvider();
    faults = [];
    billing = billingWith(provider);
  });
  after(() => database.close());

  const billingWith = (payments: PaymentProvider): Billing => {
    const jobs = createJobs(new JobStore(database), new Bell());
    return createBilling({ database, catalog, jobs, payments, onFault: (error) => faults.push(error) });
  };
  const stock = async (id = "oat-mug"): Promise<unknown> =>
    (await query(url, "SELECT stock FROM catalog.products WHERE id = $1", [id]))[0]?.["stock"];
  const order = (user = randomUUID(), key = randomUUID()) => billing.place(user, key, [{ productId: "oat-mug", quantity: 2 }]);
  const orderOf = async (user: string): Promise<Record<string, unknown>> =>
    (await query(url, "SELECT id, state, refusal FROM billing.orders WHERE user_id = $1", [user]))[0] ?? {};
  const events = async (id: unknown): Promise<number> =>
    (await query(url, "SELECT FROM billing.outbox WHERE data->>'orderId' = $1", [id])).length;
  const age = (minutes: number): Promise<unknown> =>
    query(url, "UPDATE billing.orders SET created_at = created_at - make_interval(mins => $1) WHERE state <> 'placed'", [
      minutes,
    ]);

  it("takes the exact amount once, under the order's id", async () => {
    const [user, key] = [randomUUID(), randomUUID()];
    await order(user, key);
    await order(user, key);
    const { id, state } = await orderOf(user);
    assert.equal(state, "placed");
    assert.deepEqual(provider.asked, [`charge ${String(id)} 5200 EUR`]);
    assert.equal(await events(id), 1);
  });

  it("gives the stock back when the payment is declined, and says so each time", async () => {
    provider.last = "declined";
    const before = await stock();
    const [user, key] = [randomUUID(), randomUUID()];
    for (let count = 0; count < 2; count += 1)
      assert.deepEqual(await order(user, key), { kind: "refused", refusal: { reason: "payment-declined" } });
    assert.equal(await stock(), before);
    const { id, state } = await orderOf(user);
    assert.deepEqual([state, provider.asked, await events(id)], ["refused", [`charge ${String(id)} 5200 EUR`], 0]);
  });

  it("asks again under the same id when no answer came, for the money may be taken", async () => {
    provider.answers.push(new Error("timed out"), new Error("timed out"));
    const [user, key] = [randomUUID(), randomUUID()];
    const first = await order(user, key);
    assert.equal(first.kind, "unpaid");
    assert.equal((await order(user, key)).kind, "unpaid");
    assert.equal((await order(user, key)).kind, "placed");
    assert.deepEqual([new Set(provider.asked).size, provider.asked.length, faults.length], [1, 3, 2]);
  });

  it("keeps the stock while nobody knows, and finishes the order by itself", async () => {
    provider.last = "pending";
    const before = Number(await stock());
    const user = randomUUID();
    await order(user);
    assert.deepEqual(
      [await stock(), (await billing.orders(user, undefined, 5)).orders.map(({ state }) => state)],
      [before - 2, ["unpaid"]],
    );
    await age(1);
    await billing.settlePending();
    assert.equal((await orderOf(user))["state"], "unpaid");
    provider.last = "paid";
    await billing.settlePending();
    const { id, state } = await orderOf(user);
    assert.deepEqual([state, await stock(), await events(id)], ["placed", before - 2, 1]);
  });

  it("gives up after a quarter of an hour: the stock is free again, and what is paid later goes back", async () => {
    provider.last = "pending";
    const before = await stock();
    const user = randomUUID();
    await order(user);
    await age(16);
    await billing.settlePending();
    const { id, state, refusal } = await orderOf(user);
    assert.deepEqual([state, refusal, await stock()], ["refused", { reason: "payment-expired" }, before]);
    assert.equal(provider.asked.at(-1), `refund ${String(id)}`);
    // The provider's message comes an hour late.
    provider.last = "paid";
    await billing.paymentDecided(String(id));
    assert.deepEqual([(await orderOf(user))["state"], await stock(), await events(id)], ["refused", before, 0]);
  });

  it("gives the stock back when the process ends after the decision and before that", async () => {
    provider.last = "declined";
    const before = await stock();
    const user = randomUUID();
    const broken = createBilling({
      database,
      catalog: { ...catalog, release: () => Promise.reject(new Error("killed here")) },
      jobs: createJobs(new JobStore(database), new Bell()),
      payments: provider,
    });
    await assert.rejects(broken.place(user, randomUUID(), [{ productId: "oat-mug", quantity: 2 }]), { message: "killed here" });
    assert.equal((await orderOf(user))["state"], "releasing");
    await age(1);
    await Promise.all([billing.settlePending(), billing.settlePending()]);
    assert.deepEqual([(await orderOf(user))["state"], await stock()], ["refused", before]);
  });

  it("is decided once when many find the order at the same moment, whatever each of them hears", async () => {
    const before = Number(await stock());
    const users = Array.from({ length: 12 }, () => randomUUID());
    provider.last = "pending";
    await Promise.all(users.map((user) => order(user)));
    await age(16);
    // Some of them hear that it is paid, others that it still is not, and give up.
    provider.answers.push(...Array.from({ length: 48 }, (_, index): ChargeState => (index % 3 === 0 ? "paid" : "pending")));
    await Promise.all(Array.from({ length: 4 }, () => billing.settlePending()));
    await billing.settlePending();
    let placed = 0;
    for (const user of users) {
      const { id, state } = await orderOf(user);
      assert.ok(state === "placed" || state === "refused", String(state));
      if (state === "placed") placed += 1;
      assert.equal(await events(id), state === "placed" ? 1 : 0);
      // No order that is placed was paid back, and every one that is not was.
      assert.equal(provider.asked.includes(`refund ${String(id)}`), state === "refused");
    }
    assert.equal(await stock(), before - 2 * placed);
  });

  describe("at the test provider", () => {
    beforeEach(() => (billing = billingWith(testPayments(database))));

    const pay = (user: string, key: string, method: string) =>
      billing.place(user, key, [{ productId: "oat-mug", quantity: 1 }], method);

    it("is declined, is decided later, or loses an answer, as the means of payment says", async () => {
      const [user, key] = [randomUUID(), randomUUID()];
      assert.equal((await pay(user, randomUUID(), "test-paid")).kind, "placed");
      assert.equal((await pay(user, randomUUID(), "test-declined")).kind, "refused");
      assert.deepEqual(
        [(await pay(user, key, "test-slow")).kind, (await pay(user, key, "test-slow")).kind],
        ["unpaid", "placed"],
      );
      for (const [decision, kind] of [
        ["paid", "placed"],
        ["declined", "refused"],
      ] as const) {
        const late = randomUUID();
        const placement = await pay(user, late, "test-late");
        assert.ok(placement.kind === "unpaid");
        await decideTestCharge(database, placement.order.id, decision);
        assert.equal((await pay(user, late, "test-late")).kind, kind);
      }
    });

    it("knows its own means of payment only", () => {
      assert.deepEqual(
        ["test-paid", "test-late", "visa", "", "toString"].map((method) => billing.takes(method)),
        [true, true, false, false, false],
      );
    });

    it("refuses a key that was used with another means of payment", async () => {
      const [user, key] = [randomUUID(), randomUUID()];
      await pay(user, key, "test-paid");
      assert.deepEqual(await pay(user, key, "test-declined"), { kind: "key-reused" });
    });
  });
});
