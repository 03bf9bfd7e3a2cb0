import rule from "../../../../policies/rules/delivery/cdn-https-only.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const CDN = "aws:cloudfront/distribution:Distribution";
const by = (viewerProtocolPolicy: unknown) => ({ viewerProtocolPolicy });
const NO_MORE = "what is not said otherwise, the default behavior answers";

export default casesOf(rule, {
  passes: {
    "a network that shows the way to HTTPS": { given: [CDN, { defaultCacheBehavior: by("redirect-to-https") }] },
    "a network with a part that knows HTTPS only": {
      given: [CDN, { defaultCacheBehavior: by("redirect-to-https"), orderedCacheBehaviors: [by("https-only")] }],
    },
  },
  fails: {
    "a network that answers either way": {
      given: [CDN, { defaultCacheBehavior: by("allow-all") }],
      says: 'defaultCacheBehavior.viewerProtocolPolicy is "allow-all"; it must be one of "redirect-to-https", "https-only".',
    },
    "a network with one part that answers either way": {
      given: [CDN, { defaultCacheBehavior: by("https-only"), orderedCacheBehaviors: [by("https-only"), by("allow-all")] }],
      says: 'orderedCacheBehaviors[1].viewerProtocolPolicy is "allow-all"; it must be one of "redirect-to-https", "https-only".',
    },
  },
  unknown: {
    "a part of which it is decided later, beside one that is wrong": {
      given: [CDN, { defaultCacheBehavior: by("allow-all"), orderedCacheBehaviors: [by(UNKNOWN)] }],
      open: "orderedCacheBehaviors[0].viewerProtocolPolicy",
      says: 'defaultCacheBehavior.viewerProtocolPolicy is "allow-all"; it must be one of "redirect-to-https", "https-only".',
    },
  },
  survives: {
    "orderedCacheBehaviors: left out": NO_MORE,
    "orderedCacheBehaviors: empty": NO_MORE,
    "orderedCacheBehaviors[0]: left out": NO_MORE,
  },
});
