import type { Cloud } from "../../core/cloud.ts";
import type { Space } from "../../core/world.ts";
import type { AlarmState } from "./alarm-state.ts";

/** A change of an alarm's state. */
export type Transition = { at: number; from: AlarmState; to: AlarmState; reason: string };

/** What is remembered of an alarm besides its configuration. Times are milliseconds since the epoch. */
export type AlarmRecord = {
  state: AlarmState;
  reason: string;
  /** When the state last changed. */
  since: number;
  created: number;
  /** When its configuration last changed. */
  configured: number;
  /** Newest last; the last {@link MAX_HISTORY}. */
  history: Transition[];
};

const MAX_HISTORY = 100;

const UNTOUCHED: AlarmRecord = {
  state: "INSUFFICIENT_DATA",
  reason: "Unchecked: Initial alarm creation",
  since: 0,
  created: 0,
  configured: 0,
  history: [],
};

export function newAlarm(cloud: Cloud, region: string, name: string): void {
  const now = cloud.now();
  records(cloud).set(`${region}/${name}`, { ...UNTOUCHED, since: now, created: now, configured: now });
}

/** Remembers that the alarm's configuration has just changed; its state stays, as with PutMetricAlarm. */
export function noteConfigured(cloud: Cloud, region: string, name: string): void {
  records(cloud).set(`${region}/${name}`, { ...alarmRecord(cloud, region, name), configured: cloud.now() });
}

export function forgetAlarm(cloud: Cloud, region: string, name: string): void {
  records(cloud).delete(`${region}/${name}`);
}

/** What is remembered of the alarm; of one that came into the world by another way than the engine: nothing has happened yet. */
export function alarmRecord(cloud: Cloud, region: string, name: string): AlarmRecord {
  return { ...UNTOUCHED, ...records(cloud).get(`${region}/${name}`) };
}

/** Writes the new state down. Returns the change. */
export function recordTransition(cloud: Cloud, region: string, name: string, to: AlarmState, reason: string): Transition {
  const before = alarmRecord(cloud, region, name);
  const transition = { at: cloud.now(), from: before.state, to, reason };
  const history = [...before.history, transition].slice(-MAX_HISTORY);
  records(cloud).set(`${region}/${name}`, { ...before, state: to, reason, since: transition.at, history });
  return transition;
}

function records(cloud: Cloud): Space<AlarmRecord> {
  return cloud.world.space<AlarmRecord>("cloudwatch-alarm");
}
