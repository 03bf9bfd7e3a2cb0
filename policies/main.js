// The engine loads a pack with require, which cannot wait for a module; the promise of the import can be left to itself.
void import("./index.ts");
