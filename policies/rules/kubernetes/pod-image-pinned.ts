import { rule } from "../../framework/rule.ts";
import { ofContainers } from "../../shared/pods.ts";

export default rule({
  id: "pod-image-pinned",
  title: "An image is named by a version or a digest",
  severity: "medium",
  description: "Under `latest` two pods of one workload run different programs, and nobody can go back to the one before.",
  remediation: "Write the tag of a version, or better the digest, after the name of the image.",
  controls: { cisKubernetes: ["5.5.1"], wellArchitected: ["OPS05", "SEC11"] },
  resources: ofContainers((container, { fail }) => {
    const image = container.at("image");
    const name = image.value ?? "";
    const [, tag] = /:([\w.-]+)$/.exec(name) ?? [];
    if (!name.includes("@sha256:") && (tag === undefined || tag === "latest"))
      fail(image, `${image.path} is ${image.shown}`, "it must name a version or a digest");
  }),
});
