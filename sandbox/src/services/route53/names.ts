/** A DNS name as Route 53 compares it: lower case, without the dot at its end. */
export function bare(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** The name of a record in full. As the AWS provider does it, a name that does not end with the zone's is taken as relative to the zone. */
export function fullName(name: string, zone: string): string {
  const own = bare(name);
  if (own === "") return zone;
  return own.endsWith(zone) ? own : `${own}.${zone}`;
}

/** Whether a name is the zone itself or lies under it. */
export function liesIn(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}

/** What Route 53 takes as a domain name: labels of 1 to 63 characters, 255 in all (Route 53 Developer Guide, "DNS domain name format"). */
export function isDomainName(name: string): boolean {
  const labels = bare(name).split(".");
  return name.length <= 255 && labels.every((label) => /^[!-~]{1,63}$/.test(label));
}
