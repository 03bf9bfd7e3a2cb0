import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

/** The packages that a program's nearest package.json asks for, with the versions installed (or those asked for, where none is). */
export function programDependencies(directory: string): { name: string; version: string }[] {
  const file = nearest(directory, "package.json");
  if (file === undefined) return [];
  const { dependencies = {}, devDependencies = {} } = read(file);
  return Object.entries({ ...devDependencies, ...dependencies })
    .map(([name, asked]) => {
      const installed = nearest(dirname(file), join("node_modules", name, "package.json"));
      return { name, version: (installed === undefined ? undefined : read(installed).version) ?? asked };
    })
    .sort((left, right) => left.name.localeCompare(right.name));
}

function nearest(directory: string, path: string): string | undefined {
  const file = join(directory, path);
  if (existsSync(file)) return file;
  return dirname(directory) === directory ? undefined : nearest(dirname(directory), path);
}

function read(file: string): Manifest {
  return JSON.parse(readFileSync(file, "utf8")) as Manifest;
}
