interface Region {
  readonly description: string;
  /** The short name in zone ids: `euc1-az1`. */
  readonly short: string;
  /** Letters of the zones that a new account sees. */
  readonly letters: string;
}

/**
 * Commercial regions and their Availability Zones (AWS Global Infrastructure docs, "AWS Regions" and "AWS Availability Zones").
 * Which zone id stands behind a letter differs between accounts; here they are numbered in order.
 */
const REGIONS: Readonly<Record<string, Region>> = {
  "af-south-1": { description: "Africa (Cape Town)", short: "afs1", letters: "abc" },
  "ap-east-1": { description: "Asia Pacific (Hong Kong)", short: "ape1", letters: "abc" },
  "ap-northeast-1": { description: "Asia Pacific (Tokyo)", short: "apne1", letters: "acd" },
  "ap-northeast-2": { description: "Asia Pacific (Seoul)", short: "apne2", letters: "abcd" },
  "ap-northeast-3": { description: "Asia Pacific (Osaka)", short: "apne3", letters: "abc" },
  "ap-south-1": { description: "Asia Pacific (Mumbai)", short: "aps1", letters: "abc" },
  "ap-south-2": { description: "Asia Pacific (Hyderabad)", short: "aps2", letters: "abc" },
  "ap-southeast-1": { description: "Asia Pacific (Singapore)", short: "apse1", letters: "abc" },
  "ap-southeast-2": { description: "Asia Pacific (Sydney)", short: "apse2", letters: "abc" },
  "ap-southeast-3": { description: "Asia Pacific (Jakarta)", short: "apse3", letters: "abc" },
  "ap-southeast-4": { description: "Asia Pacific (Melbourne)", short: "apse4", letters: "abc" },
  "ca-central-1": { description: "Canada (Central)", short: "cac1", letters: "abd" },
  "ca-west-1": { description: "Canada West (Calgary)", short: "caw1", letters: "abc" },
  "eu-central-1": { description: "Europe (Frankfurt)", short: "euc1", letters: "abc" },
  "eu-central-2": { description: "Europe (Zurich)", short: "euc2", letters: "abc" },
  "eu-north-1": { description: "Europe (Stockholm)", short: "eun1", letters: "abc" },
  "eu-south-1": { description: "Europe (Milan)", short: "eus1", letters: "abc" },
  "eu-south-2": { description: "Europe (Spain)", short: "eus2", letters: "abc" },
  "eu-west-1": { description: "Europe (Ireland)", short: "euw1", letters: "abc" },
  "eu-west-2": { description: "Europe (London)", short: "euw2", letters: "abc" },
  "eu-west-3": { description: "Europe (Paris)", short: "euw3", letters: "abc" },
  "il-central-1": { description: "Israel (Tel Aviv)", short: "ilc1", letters: "abc" },
  "me-central-1": { description: "Middle East (UAE)", short: "mec1", letters: "abc" },
  "me-south-1": { description: "Middle East (Bahrain)", short: "mes1", letters: "abc" },
  "sa-east-1": { description: "South America (Sao Paulo)", short: "sae1", letters: "abc" },
  "us-east-1": { description: "US East (N. Virginia)", short: "use1", letters: "abcdef" },
  "us-east-2": { description: "US East (Ohio)", short: "use2", letters: "abc" },
  "us-west-1": { description: "US West (N. California)", short: "usw1", letters: "ac" },
  "us-west-2": { description: "US West (Oregon)", short: "usw2", letters: "abcd" },
};

/** One Availability Zone, by name (`eu-central-1a`) and id (`euc1-az1`). */
export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** The zones of a region; empty for a region that is not known. */
export function zonesOf(region: string): Zone[] {
  const known = REGIONS[region];
  if (known === undefined) return [];
  return Array.from(known.letters).map((letter, index) => ({ name: region + letter, id: `${known.short}-az${index + 1}` }));
}

/** The region's name for people, such as `Europe (Frankfurt)`; undefined for one that is not known. */
export function regionDescription(region: string): string | undefined {
  return REGIONS[region]?.description;
}

/** Names of all known regions. */
export const regionNames: readonly string[] = Object.keys(REGIONS);
