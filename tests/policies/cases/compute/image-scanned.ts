import rule from "../../../../policies/rules/compute/image-scanned.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const REPOSITORY = "aws:ecr/repository:Repository";

export default casesOf(rule, {
  passes: {
    "a repository that scans what is pushed": {
      given: { shop: [REPOSITORY, { imageScanningConfiguration: { scanOnPush: true } }] },
    },
    "a registry that scans all of its repositories": {
      given: {
        shop: [REPOSITORY, {}],
        scans: ["aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", { scanType: "ENHANCED" }],
      },
    },
  },
  fails: {
    "a repository that says nothing of it": {
      given: { shop: [REPOSITORY, {}] },
      says: "shop: imageScanningConfiguration.scanOnPush is nothing; it must be true.",
    },
    "a repository that scans nothing": {
      given: { shop: [REPOSITORY, { imageScanningConfiguration: { scanOnPush: false } }] },
      says: "shop: imageScanningConfiguration.scanOnPush is false; it must be true.",
    },
  },
  unknown: {
    "a switch that is decided later": {
      given: { shop: [REPOSITORY, { imageScanningConfiguration: { scanOnPush: UNKNOWN } }] },
      open: "shop: imageScanningConfiguration.scanOnPush",
    },
  },
  survives: { "scans: scanType: *": "both types of scanning scan" },
});
