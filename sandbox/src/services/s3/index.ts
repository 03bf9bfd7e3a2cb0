import type { ResourceDefinition } from "../../core/definition.ts";
import { bucket } from "./bucket.ts";
import { bucketServerSideEncryptionConfiguration } from "./bucket-encryption.ts";
import { bucketLifecycleConfiguration } from "./bucket-lifecycle.ts";
import { bucketPolicy } from "./bucket-policy.ts";
import {
  bucketLogging,
  bucketObjectLockConfiguration,
  bucketOwnershipControls,
  bucketPublicAccessBlock,
} from "./bucket-settings.ts";
import { bucketVersioning } from "./bucket-versioning.ts";

/** What S3 serves. */
export const s3Definitions: readonly ResourceDefinition[] = [
  bucket,
  bucketVersioning,
  bucketServerSideEncryptionConfiguration,
  bucketPublicAccessBlock,
  bucketLifecycleConfiguration,
  bucketPolicy,
  bucketOwnershipControls,
  bucketLogging,
  bucketObjectLockConfiguration,
];
