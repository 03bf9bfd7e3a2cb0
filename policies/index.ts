import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules.ts";

// Making the pack starts its server and prints the port for the engine; that is why the list of rules is a file of its own.
new PolicyPack("platform", { policies: rules, enforcementLevel: "mandatory" });
