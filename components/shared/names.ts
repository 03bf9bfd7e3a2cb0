/** A name for a service that allows only so many characters: cut, and without a hyphen at its end. */
export function shortName(name: string, longest: number): string {
  return name.slice(0, longest).replace(/-+$/, "");
}
