import { delimiter, dirname, join } from "node:path";
import { compileCache } from "../toolchain/cache.ts";
import { LANGUAGE_HOST_DIRECTORY, type PulumiCli } from "../toolchain/resolve.ts";
import type { SandboxContext } from "./context.ts";

/** Encrypts the secrets in a sandbox's state. Not a secret itself: what is in a sandbox is made up and stays on this machine. */
export const SANDBOX_PASSPHRASE = "sandbox";

export interface EnvironmentOptions {
  readonly context: Pick<SandboxContext, "home" | "stack">;
  readonly cli: Pick<PulumiCli, "pathPrefix">;
  /** The daemon whose providers the engine attaches to. @default - none: commands that need no provider */
  readonly daemon?: { readonly providerPorts: Readonly<Record<string, number>> } | undefined;
  /** @default process.env */
  readonly base?: NodeJS.ProcessEnv;
}

/**
 * The environment in which the real Pulumi CLI works against the sandbox and nothing else: state in `<home>/state`, the CLI's own
 * files in `<home>/pulumi`, providers attached to the daemon, no plugin downloads, and none of the person's cloud credentials.
 */
export function pulumiEnvironment({ context, cli, daemon, base = process.env }: EnvironmentOptions): NodeJS.ProcessEnv {
  const { home, stack } = context;
  return {
    ...withoutCloudAccess(base),
    NODE_COMPILE_CACHE: compileCache(base),
    SANDBOX_HOME: home,
    SANDBOX_STACK: stack,
    SANDBOX_LANGUAGE_HOST: join(LANGUAGE_HOST_DIRECTORY, "pulumi-language-nodejs"),
    PULUMI_BACKEND_URL: `file://${join(home, "state")}`,
    PULUMI_HOME: join(home, "pulumi"),
    PULUMI_STACK: stack,
    PULUMI_CONFIG_PASSPHRASE: SANDBOX_PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SUPPRESS_NEO_LINK: "true",
    // The program must run under the Node.js that runs us, whichever one stands first on the person's PATH.
    PATH: [...cli.pathPrefix, dirname(process.execPath), base["PATH"] ?? ""].filter((part) => part !== "").join(delimiter),
    ...(daemon && { PULUMI_DEBUG_PROVIDERS: attached(daemon.providerPorts) }),
  };
}

/** The value of PULUMI_DEBUG_PROVIDERS: each provider with its port. */
export function attached(providerPorts: Readonly<Record<string, number>>): string {
  return Object.entries(providerPorts)
    .map(([provider, port]) => `${provider}:${String(port)}`)
    .join(",");
}

const CLOUD_VARIABLES =
  /^(AWS_|CLOUDFLARE_|KUBECONFIG$|KUBERNETES_|PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE|CONFIG_PASSPHRASE_FILE|DEBUG_PROVIDERS|API|STACK)$)/;

/** The same variables without those that give access to a real cloud or to another Pulumi backend. */
export function withoutCloudAccess(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !CLOUD_VARIABLES.test(name)));
}
