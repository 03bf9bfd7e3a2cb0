import { LogStore } from "../../../../sandbox/src/services/cloudwatch/log-store.ts";
import { MetricStore } from "../../../../sandbox/src/services/cloudwatch/metric-store.ts";

// A process that writes until it is killed, and says after each batch that it is written. Arguments: the folder, and what to write.
const [, , home = "", what = ""] = process.argv;
const metric = { region: "eu-central-1", namespace: "Shop", name: "Orders", dimensions: {}, unit: "Count" };

function writeLogs(): (batch: number) => void {
  const store = new LogStore(home);
  return (batch) => {
    store.append(
      "eu-central-1/app",
      Array.from({ length: 10 }, (_, index) => ({
        stream: "s",
        at: batch,
        taken: batch,
        message: `${String(batch)}.${String(index)}`,
      })),
    );
  };
}

function writeMetrics(): (batch: number) => void {
  const store = new MetricStore(home);
  return (batch) => {
    store.record(metric, batch * 60_000, (points) => {
      points.add(batch, 10);
    });
    store.flush();
  };
}

const write = what === "logs" ? writeLogs() : writeMetrics();
let batch = 0;
const next = (): void => {
  write(++batch);
  // The next batch is written only when the parent can know of this one.
  process.stdout.write(`${String(batch)}\n`, () => setImmediate(next));
};
next();
