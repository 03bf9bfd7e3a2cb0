import rule from "../../../../policies/rules/delivery/api-cache-encrypted.ts";
import { casesOf, UNKNOWN } from "../../support/cases.ts";

const SETTINGS = "aws:apigateway/methodSettings:MethodSettings";
const of = (settings: object): readonly [string, Record<string, unknown>] => [SETTINGS, { settings }];
const NO_CACHE = "nothing is kept";

export default casesOf(rule, {
  passes: {
    "a cache that is encrypted": { given: of({ cachingEnabled: true, cacheDataEncrypted: true }) },
    "no cache": { given: of({ cachingEnabled: false }) },
    "settings that say nothing of a cache": { given: [SETTINGS, {}] },
  },
  fails: {
    "a cache that is not encrypted": {
      given: of({ cachingEnabled: true, cacheDataEncrypted: false }),
      says: "settings.cacheDataEncrypted is false; it must be true.",
    },
    "a cache that says nothing of it": {
      given: of({ cachingEnabled: true }),
      says: "settings.cacheDataEncrypted is nothing; it must be true.",
    },
  },
  unknown: {
    "a cache of which it is decided later": {
      given: of({ cachingEnabled: true, cacheDataEncrypted: UNKNOWN }),
      open: "settings.cacheDataEncrypted",
    },
    "a cache that may be none": { given: of({ cachingEnabled: UNKNOWN }), open: "settings.cachingEnabled" },
  },
  survives: {
    "settings: left out": NO_CACHE,
    "settings: empty": NO_CACHE,
    "settings.cachingEnabled: left out": NO_CACHE,
    "settings.cachingEnabled: flipped": NO_CACHE,
  },
});
