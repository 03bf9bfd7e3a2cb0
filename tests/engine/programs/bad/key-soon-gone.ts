import { Key } from "@pulumi/aws/kms/key.js";

/** "Seven days are enough to notice." */
new Key("data", { enableKeyRotation: false, deletionWindowInDays: 7 });
