/** When a process counts as answering: a line that it writes, or a probe that is asked again and again. */
export type Readiness = { readonly line: (line: string) => boolean } | { readonly probe: () => Promise<boolean> };

/** What to run, and how to tell that it runs. Secrets belong in `env`, never in `args`: everyone on the machine can read those. */
export interface ProcessSpec {
  /** Unique; also the name of its log and pid file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose change alone is no reason to restart, such as tokens made anew each time. @default none */
  readonly volatileEnv?: readonly string[];
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly ready: Readiness;
  readonly readyTimeoutMs: number;
  readonly restart: "always" | "never";
  /** Asked when it has died: whether something else takes its place, so that it is not started again. @default - it is, as `restart` says */
  readonly isReplaced?: () => boolean;
  readonly stopSignal: NodeJS.Signals;
  /** How long it may take to end before it is killed. @default 10_000, as `docker stop` waits */
  readonly stopTimeoutMs?: number;
  /** Called with each line of standard output and error. */
  readonly onLine?: (line: string) => void;
}

/** How a process does. */
export interface ProcessStatus {
  readonly name: string;
  readonly pid: number | undefined;
  /** `waiting`: it died and will be started again. */
  readonly state: "starting" | "ready" | "waiting" | "stopped";
  readonly restarts: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly memoryBytes: number;
}

/** Whether two specifications start the same process: what else they say can be taken over while it runs. */
export function sameSpec(a: ProcessSpec, b: ProcessSpec): boolean {
  const shape = ({ command, args, env, volatileEnv = [], cwd, uid, gid }: ProcessSpec): string => {
    const lasting = Object.entries(env).filter(([key]) => !volatileEnv.includes(key));
    return JSON.stringify([command, args, lasting.sort(), cwd, uid, gid]);
  };
  return shape(a) === shape(b);
}
