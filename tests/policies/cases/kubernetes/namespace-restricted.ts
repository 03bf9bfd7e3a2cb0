import rule from "../../../../policies/rules/kubernetes/namespace-restricted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const LABEL = "pod-security.kubernetes.io/enforce";
const path = `metadata.labels["${LABEL}"]`;
const labelled = (level: unknown) => [NAMESPACE, { metadata: { labels: { [LABEL]: level } } }] as const;
const wanted = 'it must be one of "restricted", "baseline".';

export default casesOf(rule, {
  passes: {
    "a restricted namespace": { given: labelled("restricted") },
    "a namespace of the baseline": { given: labelled("baseline") },
  },
  fails: {
    "a namespace without the label": { given: [NAMESPACE, {}], says: `${path} is nothing; ${wanted}` },
    "a namespace for everything": { given: labelled("privileged"), says: `${path} is "privileged"; ${wanted}` },
  },
  unknown: { "a label that is decided later": { given: labelled(UNKNOWN), open: path } },
});
