import type { AnalyzeRequest, AnalyzerResource } from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { ResourceFacts } from "../framework/resource.ts";
import { decodedFields } from "../framework/values.ts";

/** What the engine says of a resource that is about to be made or changed. */
export function factsOf(request: AnalyzeRequest | AnalyzerResource): ResourceFacts {
  const options = request.getOptions();
  return {
    urn: request.getUrn(),
    type: request.getType(),
    name: request.getName(),
    inputs: decodedFields(request.getProperties()?.toJavaScript() ?? {}),
    protect: options?.getProtect() ?? false,
    parent: options?.getParent() ?? "",
  };
}

/** What the engine says of a resource at the end: its outputs. @param asked its inputs, when it was judged in the same run */
export function stackFactsOf(resource: AnalyzerResource, asked: ResourceFacts | undefined): ResourceFacts {
  const outputs = factsOf(resource);
  const propertyDependencies: Record<string, readonly string[]> = {};
  resource.getPropertydependenciesMap().forEach((sources, property) => {
    propertyDependencies[property] = sources.getUrnsList();
  });
  return { ...outputs, inputs: asked?.inputs ?? outputs.inputs, outputs: outputs.inputs, propertyDependencies };
}
