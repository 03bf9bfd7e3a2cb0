/** A relay in a process of its own, to be killed between publish and mark: its listener counts what was sold, says so, and never lets go of the event. */
import { orderPlaced } from "../../../../apps/shop/src/modules/billing/index.ts";
import { createCatalog } from "../../../../apps/shop/src/modules/catalog/index.ts";
import { Bell } from "../../../../apps/shop/src/platform/bell.ts";
import { Database } from "../../../../apps/shop/src/platform/database/database.ts";
import { on } from "../../../../apps/shop/src/platform/events/event.ts";
import { Outbox } from "../../../../apps/shop/src/platform/events/outbox.ts";
import { relay } from "../../../../apps/shop/src/platform/events/relay.ts";
import { createLog } from "../../../../apps/shop/src/platform/log.ts";

const [connectionString = ""] = process.argv.slice(2);
const log = createLog("info");
const database = new Database(() => Promise.resolve({ connectionString }), { log, size: 4 });
const catalog = createCatalog(database);
const subscription = on(orderPlaced, "count-sold", async ({ id, data }) => {
  await catalog.countSold(id, data.lines);
  log.write("info", "heard");
  await new Promise(() => undefined);
});
await relay(
  { outboxes: [new Outbox(database, "billing")], subscriptions: [subscription], bell: new Bell(), log },
  new AbortController().signal,
);
