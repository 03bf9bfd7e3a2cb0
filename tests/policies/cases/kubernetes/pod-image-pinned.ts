import rule from "../../../../policies/rules/kubernetes/pod-image-pinned.ts";
import { UNKNOWN } from "../../support/cases.ts";
import { podCases } from "../../support/pods.ts";

const wanted = "it must name a version or a digest.";
const digest = "0".repeat(64);

export default podCases(rule, {
  good: {
    "an image of a version": { containers: [{ image: "ghcr.io/example/shop:1.2.0" }] },
    "an image by its digest": { containers: [{ image: `ghcr.io/example/shop@sha256:${digest}` }] },
  },
  bad: {
    "an image without a version": {
      pod: { containers: [{ image: "nginx" }] },
      says: `@.containers[0].image is "nginx"; ${wanted}`,
    },
    "the newest image, whichever that is": {
      pod: { containers: [{ image: "localhost:5000/nginx:latest" }] },
      says: `@.containers[0].image is "localhost:5000/nginx:latest"; ${wanted}`,
    },
    "an image from a registry with a port, and no version": {
      pod: { containers: [{ image: "localhost:5000/nginx" }] },
      says: `@.containers[0].image is "localhost:5000/nginx"; ${wanted}`,
    },
  },
  open: { "an image that is chosen later": { pod: { containers: [{ image: UNKNOWN }] }, open: "@.containers[0].image" } },
  survives: { "*.image: another text": "another image of a version is one as well" },
});
