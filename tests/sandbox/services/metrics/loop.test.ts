import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Props } from "../../../../sandbox/src/core/values.ts";
import { type Metrics, startMetrics } from "../../../../sandbox/src/daemon/metrics.ts";
import { Supervisor } from "../../../../sandbox/src/plane/supervisor.ts";
import { alarmStates } from "../../../../sandbox/src/services/cloudwatch/alarm-states.ts";
import { type Alarms, startAlarms } from "../../../../sandbox/src/services/cloudwatch/alarms.ts";
import { cloudwatchDefinitions } from "../../../../sandbox/src/services/cloudwatch/index.ts";
import { putMetric } from "../../../../sandbox/src/services/cloudwatch/metrics.ts";
import { INSTANCE } from "../../../../sandbox/src/services/ec2/instance-server.ts";
import { Stack, testCloud, type TestCloud } from "../../support/cloud.ts";

const SECOND_MS = 1000;
const NOON = Date.parse("2026-03-01T12:00:00Z");

describe("the measurement of what runs", () => {
  let points: { name: string; at: number }[];
  let cloud: TestCloud;
  let metrics: Metrics;
  let isBroken: boolean;

  beforeEach(() => {
    points = [];
    isBroken = false;
    cloud = testCloud({ putMetric: (_, name, __, ___, options) => void points.push({ name, at: (options?.at ?? 0) - NOON }) });
    const list = Supervisor.prototype.list.bind(cloud.processes);
    cloud.processes.list = () => {
      if (isBroken) throw new Error("the system has no process table");
      return list();
    };
    const outputs: Props = { instanceState: "running", instanceType: "m8g.large", monitoring: true };
    cloud.world.put({
      ...{ type: INSTANCE, id: "i-1", urn: "", region: "eu-central-1" },
      ...{ inputs: {}, outputs, phase: "ready", claimed: true },
    });
    mock.timers.enable({ apis: ["setTimeout"] });
  });
  afterEach(async () => {
    mock.timers.reset();
    await metrics.close();
    await cloud.end();
  });

  /** Lets time pass, also for timers, and what they began come to its end. */
  const pass = async (seconds: number): Promise<void> => {
    cloud.pass(seconds * SECOND_MS);
    mock.timers.tick(seconds * SECOND_MS);
    await new Promise(setImmediate);
  };

  it("publishes a minute as soon as it is over, whenever it was begun", async () => {
    cloud.pass(45 * SECOND_MS);
    metrics = startMetrics(cloud);
    await pass(15);
    assert.deepEqual(points, []);
    await pass(1);
    assert.deepEqual(new Set(points.map(({ at }) => at)), new Set([0]));
    assert.deepEqual(points.map(({ name }) => name).sort(), [
      "CPUUtilization",
      "StatusCheckFailed",
      "StatusCheckFailed_Instance",
      "StatusCheckFailed_System",
    ]);
    await pass(60);
    assert.deepEqual(
      points.slice(4).map(({ at }) => at),
      Array(4).fill(60 * SECOND_MS),
    );
  });

  it("publishes nothing for minutes in which the machine slept", async () => {
    metrics = startMetrics(cloud);
    cloud.pass(600 * SECOND_MS);
    await pass(61);
    assert.deepEqual(new Set(points.map(({ at }) => at)), new Set([600 * SECOND_MS]));
  });

  it("notes once what cannot be measured, and again when that happens anew", async () => {
    metrics = startMetrics(cloud);
    for (const broken of [true, true, false, true]) {
      isBroken = broken;
      await pass(61);
    }
    isBroken = false;
    const note = "Processes could not be measured: the system has no process table";
    assert.deepEqual(cloud.notes, [note, note]);
    assert.equal(points.length, 4);
  });

  it("ends with the daemon", async () => {
    metrics = startMetrics(cloud);
    await metrics.close();
    await pass(120);
    assert.deepEqual(points, []);
  });
});

describe("alarms that count missing data as breaching", () => {
  const alarm = {
    ...{ name: "silent", namespace: "Shop", metricName: "Beats", statistic: "Sum", period: 60, evaluationPeriods: 3 },
    ...{ comparisonOperator: "LessThanThreshold", threshold: 1, treatMissingData: "breaching" },
  };
  let cloud: TestCloud;
  let alarms: Alarms;
  beforeEach(async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    cloud = testCloud();
    await new Stack(cloud, cloudwatchDefinitions).create("aws:cloudwatch/metricAlarm:MetricAlarm", "silent", alarm);
    alarms = startAlarms(cloud);
  });
  afterEach(async () => {
    alarms.close();
    mock.timers.reset();
    await cloud.end();
  });

  /** Lets minutes pass with a beat in each, or in none; the machine is awake. */
  const minutes = (count: number, beats: boolean): string | undefined => {
    for (let second = 0; second < count * 60; second += 5) {
      if (beats && second % 60 === 0) putMetric(cloud, "Shop", "Beats", {}, 1);
      cloud.pass(5 * SECOND_MS);
      mock.timers.tick(5 * SECOND_MS);
    }
    return alarmStates(cloud)[0]?.state;
  };

  it("go off three minutes after the last data", () => {
    assert.deepEqual([minutes(6, true), minutes(2, false), minutes(3, false)], ["OK", "OK", "ALARM"]);
  });

  it("do not go off for the time in which the machine slept, and do for what comes after it", () => {
    assert.equal(minutes(6, true), "OK");
    cloud.pass(3600 * SECOND_MS);
    assert.deepEqual([minutes(2, false), minutes(6, true), minutes(5, false)], ["OK", "OK", "ALARM"]);
    assert.equal(cloud.notes.filter((note) => note.includes("to ALARM")).length, 1);
  });
});
