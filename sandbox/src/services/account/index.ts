import { CloudError } from "../../core/definition.ts";
import type { FunctionDefinition } from "../../core/definition.ts";
import type { Props } from "../../core/values.ts";
import { text, texts } from "../../core/values.ts";
import { regionDescription, regionNames, zonesOf } from "./zones.ts";

const getCallerIdentity: FunctionDefinition = {
  token: "aws:index/getCallerIdentity:getCallerIdentity",
  call: (cloud) => ({
    accountId: cloud.account,
    arn: `arn:aws:iam::${cloud.account}:user/sandbox`,
    id: cloud.account,
    userId: "AIDASANDBOX0000000000",
  }),
};

const getPartition: FunctionDefinition = {
  token: "aws:index/getPartition:getPartition",
  call: () => ({ dnsSuffix: "amazonaws.com", id: "aws", partition: "aws", reverseDnsPrefix: "com.amazonaws" }),
};

const getRegion: FunctionDefinition = {
  token: "aws:index/getRegion:getRegion",
  call: (_cloud, args, region) => {
    const endpoint = text(args, "endpoint");
    const named = /^ec2\.([\w-]+)\.amazonaws\.com$/.exec(endpoint)?.[1];
    const name = text(args, "region") || text(args, "name") || text(args, "id") || (named ?? region);
    return { description: describedRegion(name), endpoint: `ec2.${name}.amazonaws.com`, id: name, name, region: name };
  },
};

const getAvailabilityZones: FunctionDefinition = {
  token: "aws:index/getAvailabilityZones:getAvailabilityZones",
  call: (_cloud, args, region) => {
    const where = text(args, "region") || region;
    describedRegion(where);
    const unwanted = [...texts(args, "excludeNames"), ...texts(args, "excludeZoneIds")];
    const zones = zonesOf(where)
      .filter((zone) => !unwanted.includes(zone.name) && !unwanted.includes(zone.id))
      .filter((zone) =>
        filtersOf(args).every(([name, values]) => values.includes(described(zone, where)[name] ?? refuseFilter(name))),
      )
      .filter(() => ["", "available"].includes(text(args, "state")));
    return {
      ...args,
      groupNames: zones.length === 0 ? [] : [where],
      id: where,
      names: zones.map((zone) => zone.name),
      region: where,
      zoneIds: zones.map((zone) => zone.id),
    };
  },
};

/** The region's name for people. Throws for a region that there is not. */
function describedRegion(name: string): string {
  const description = regionDescription(name);
  if (description !== undefined) return description;
  throw new CloudError("InvalidRegion", `no matching AWS Region found for ${name}; known: ${regionNames.join(", ")}`);
}

function filtersOf(args: Props): [name: string, values: string[]][] {
  const filters = Array.isArray(args["filters"]) ? args["filters"] : [];
  return filters
    .filter((filter): filter is Props => filter !== null && typeof filter === "object" && !Array.isArray(filter))
    .map((filter) => [text(filter, "name"), texts(filter, "values")]);
}

/** Every zone here is an ordinary one that needs no opt-in; local and wavelength zones are not served. */
function described(zone: { name: string; id: string }, region: string): Record<string, string> {
  return {
    "group-name": region,
    "opt-in-status": "opt-in-not-required",
    "region-name": region,
    state: "available",
    "zone-id": zone.id,
    "zone-name": zone.name,
    "zone-type": "availability-zone",
  };
}

function refuseFilter(name: string): never {
  throw new CloudError("InvalidParameterValue", `The filter '${name}' is invalid`);
}

/** What an account can be asked before anything exists in it. */
export const accountFunctions: FunctionDefinition[] = [getCallerIdentity, getPartition, getRegion, getAvailabilityZones];
