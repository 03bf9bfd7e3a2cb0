import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";

/** "The pictures did not load, so I opened the bucket." */
const pictures = new Bucket("pictures", { forceDestroy: true });
new BucketPublicAccessBlock("pictures-open", { bucket: pictures.id, blockPublicAcls: false, blockPublicPolicy: false });
