import * as pulumi from "@pulumi/pulumi";

for (const program of new pulumi.Config().requireObject<string[]>("programs")) await import(`./${program}.ts`);
