import type { ResourceDefinition } from "../../core/definition.ts";
import { bucket } from "./bucket.ts";
import { bucketServerSideEncryptionConfiguration } from "./bucket-encryption.ts";
import { bucketPolicy } from "./bucket-policy.ts";
import { bucketVersioning } from "./bucket-versioning.ts";
import {
  bucketLifecycleConfiguration,
  bucketLogging,
  bucketObjectLockConfiguration,
  bucketOwnershipControls,
  bucketPublicAccessBlock,
} from "./bucket-settings.ts";

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
