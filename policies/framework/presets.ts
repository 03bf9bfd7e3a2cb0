import type { FrameworkName } from "./controls.ts";
import { type Level, type Rule, type Stage, stages } from "./rule.ts";

/** Presets that hold a project to a published catalogue: rules that answer one of its controls are mandatory, all others off. */
const catalogues = {
  fsbp: ["fsbp"],
  cis: ["cisAws3", "cisAws5", "cisKubernetes"],
  pci: ["pci4"],
  "well-architected": ["wellArchitected"],
} as const satisfies Record<string, readonly FrameworkName[]>;

/** The name of a preset: a stage, or a catalogue of controls. */
export type Preset = Stage | keyof typeof catalogues;

/** Every preset. */
export const presets: readonly Preset[] = [...stages, ...(Object.keys(catalogues) as (keyof typeof catalogues)[])];

/** What holds when nobody chose: the smallest stage, whose rules every platform can keep. */
export const DEFAULT_PRESETS: readonly Preset[] = ["monolith"];

const strictness: readonly Level[] = ["disabled", "advisory", "mandatory"];

/** The level of a rule under presets; where several are chosen, the strictest holds. */
export function levelUnder(rule: Pick<Rule, "controls" | "level" | "since">, chosen: readonly Preset[]): Level {
  const levels = chosen.map((preset): Level => {
    if (isStage(preset)) return stages.indexOf(rule.since) <= stages.indexOf(preset) ? rule.level : "advisory";
    return catalogues[preset].some((framework) => rule.controls[framework] !== undefined) ? "mandatory" : "disabled";
  });
  return strictness[Math.max(...levels.map((level) => strictness.indexOf(level)))] ?? rule.level;
}

/** Whether a word names a stage. */
export function isStage(word: string | undefined): word is Stage {
  return (stages as readonly (string | undefined)[]).includes(word);
}
