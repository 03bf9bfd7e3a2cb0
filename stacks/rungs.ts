/** A stage's name, as `platform:stage` takes it. */
export type StageName = "monolith" | "scaled";

/** The stages that there are, smallest first. A move goes between neighbours; see `ladder/`. */
export const STAGES: readonly StageName[] = ["monolith", "scaled"];
