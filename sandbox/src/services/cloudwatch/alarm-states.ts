import type { Cloud } from "../../core/cloud.ts";
import { alarmRecord, type Transition } from "./alarm-record.ts";
import { METRIC_ALARM } from "./alarm-spec.ts";
import type { AlarmState } from "./alarm-state.ts";

/** An alarm as it stands. Times are milliseconds since the epoch. */
export interface AlarmView {
  readonly name: string;
  readonly region: string;
  readonly state: AlarmState;
  readonly reason: string;
  /** When the state last changed. */
  readonly since: number;
  /** Oldest first. */
  readonly history: readonly Transition[];
}

/** Every alarm, as the console and `sandbox status` show them. */
export function alarmStates(cloud: Cloud): AlarmView[] {
  return cloud.world.all(METRIC_ALARM).map(({ id, region }) => {
    const { state, reason, since, history } = alarmRecord(cloud, region, id);
    return { name: id, region, state, reason, since, history };
  });
}
