import { createRequire } from "node:module";

// A message takes as its parts only instances of the very module that @pulumi/pulumi loaded, whichever copy that is.
const fromPulumi = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));

/** JSON in the engine's protocol. */
export const { Struct } = fromPulumi(
  "google-protobuf/google/protobuf/struct_pb.js",
) as typeof import("google-protobuf/google/protobuf/struct_pb.js");

/** An answer that says nothing. */
export const { Empty } = fromPulumi(
  "google-protobuf/google/protobuf/empty_pb.js",
) as typeof import("google-protobuf/google/protobuf/empty_pb.js");
