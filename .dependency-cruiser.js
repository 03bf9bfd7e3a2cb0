/** What may import what. The picture of these rules is in CONTRIBUTING.md. */
const ours = "^(stacks|ladder|components|policies|apps|sandbox|tests|bench|pr)/";
const others = (...mine) =>
  `^(${["stacks", "ladder", "components", "policies", "apps", "sandbox", "tests", "bench", "pr"].filter((folder) => !mine.includes(folder)).join("|")})/`;

export default {
  forbidden: [
    {
      name: "stages-compose-only",
      comment: "A stage only composes components. What a cloud resource looks like is a component's business.",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "(^|/)node_modules/@pulumi/(?!pulumi/)" },
    },
    {
      name: "stages-reach-components-only",
      comment: "The program knows its components and nothing else of this repository.",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: others("stacks", "components") },
    },
    {
      name: "ladder-knows-names-only",
      comment: "A move works through the Pulumi CLI, on any stack. Of the program it knows the names of the stages.",
      severity: "error",
      from: { path: "^ladder/" },
      to: { path: `${others("ladder", "stacks")}|^stacks/(?!rungs\\.ts$)` },
    },
    {
      name: "components-look-down",
      comment: "A component works in any stage, so it must not know one.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: others("components") },
    },
    {
      name: "shared-is-a-leaf",
      comment: "Everything may import shared helpers because they import nothing of ours.",
      severity: "error",
      from: { path: "^components/shared/" },
      to: { path: ours, pathNot: "^components/shared/" },
    },
    {
      name: "policies-stand-alone",
      comment: "A rule that shares code with what it judges shares its mistakes.",
      severity: "error",
      from: { path: "^policies/" },
      to: { path: others("policies") },
    },
    {
      name: "apps-know-no-infrastructure",
      comment: "A product knows environment variables. It runs anywhere, and no infrastructure change can break its build.",
      severity: "error",
      from: { path: "^apps/" },
      to: { path: `${others("apps")}|(^|/)node_modules/@pulumi/` },
    },
    {
      name: "apps-do-not-know-each-other",
      comment: "Products talk over the network.",
      severity: "error",
      from: { path: "^apps/([^/]+)/" },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "modules-by-their-interface",
      comment: "A module of a product may leave as a service; others reach it through its index.ts only.",
      severity: "error",
      from: { path: "^apps/([^/]+)/src/modules/([^/]+)/" },
      to: { path: "^apps/$1/src/modules/", pathNot: ["^apps/$1/src/modules/$2/", "^apps/[^/]+/src/modules/[^/]+/index\\.ts$"] },
    },
    {
      name: "sandbox-stands-alone",
      comment: "The sandbox plays a cloud: it serves any program, so it must not know this one.",
      severity: "error",
      from: { path: "^sandbox/" },
      to: { path: others("sandbox") },
    },
    {
      name: "nothing-imports-tests",
      comment: "Test helpers must not become part of the product.",
      severity: "error",
      from: { path: ours, pathNot: "^(tests/|bench/|apps/[^/]+/test/)" },
      to: { path: "^(tests/|apps/[^/]+/test/)" },
    },
    {
      name: "no-circular",
      comment: "A cycle has no reading order.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "everything-resolves",
      comment: "An import that cannot be found escapes every other rule.",
      severity: "error",
      from: {},
      // @types/sarif describes a file format: there is no module behind it.
      to: { couldNotResolve: true, pathNot: "^sarif$" },
    },
  ],
  options: {
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: "^(sandbox|policies|apps/[^/]+)/node_modules/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".js", ".json"],
    },
  },
};
