import module from "node:module";

// Two hundred small files are compiled once a version, not once a preview. Older versions of Node have no cache, and need none to work.
module.enableCompileCache?.();
// The engine loads a pack with require, which cannot wait for a module; the promise of the import can be left to itself.
void import("./index.ts");
