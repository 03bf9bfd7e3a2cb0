import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import { beNoneOf } from "../../framework/matchers.ts";
import type { Resource } from "../../framework/resource.ts";
import { rule } from "../../framework/rule.ts";

/** Deprecated in November 2026 (Lambda Developer Guide, "Lambda runtimes"). */
const DEPRECATED = [
  ...["nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x"],
  ...["nodejs16.x", "nodejs18.x", "nodejs20.x"],
  ...["python2.7", "python3.6", "python3.7", "python3.8", "python3.9"],
  ...["ruby2.5", "ruby2.7", "ruby3.2"],
  ...["dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet7"],
  ...["java8", "go1.x", "provided"],
];

export default rule({
  id: "function-runtime-supported",
  title: "A function runs on a runtime that is still mended",
  severity: "high",
  description: "A deprecated runtime gets no repairs. First no function can be made with it any more, then none can be changed.",
  remediation: "Move to a later version of the language in runtime.",
  controls: { fsbp: ["Lambda.2"], pci4: ["6.3.3"], wellArchitected: ["SEC06"] },
  config: {
    deprecated: {
      type: "array",
      items: { type: "string" },
      default: DEPRECATED,
      description: "Runtimes that are deprecated.",
    },
  },
  resources: {
    "aws:lambda/function:Function": (worker: Resource<FunctionArgs>, { config, fail }) => {
      const runtime = worker.at("runtime");
      if (!beNoneOf(...config.deprecated).fits(runtime))
        fail(runtime, `runtime is ${runtime.shown}`, "it must be one in support");
    },
  },
});
