// How our scripts beside this file are started in a Node of their own.
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { unwritableFirst } from "../../system/programs.ts";

/** Node variables that only say how to reach the network; all others can make Node run code or open its inspector. */
const NETWORK = /^NODE_(EXTRA_CA_CERTS|USE_SYSTEM_CA|USE_ENV_PROXY|TLS_REJECT_UNAUTHORIZED)$/;

/** Newer than Node 22.13. Without it the signal still does nothing once the script runs. */
const WITHOUT_INSPECTOR = "--disable-sigusr1";

/** Node's arguments, for `process.execPath`. */
export function scriptArgs(name: "artifact-process" | "cache-process", request: readonly string[]): string[] {
  const script = fileURLToPath(new URL(`${name}${extname(import.meta.filename)}`, import.meta.url));
  const inspector = process.allowedNodeEnvironmentFlags.has(WITHOUT_INSPECTOR) ? [WITHOUT_INSPECTOR] : [];
  return [...inspector, "--disable-warning=ExperimentalWarning", script, ...request];
}

/**
 * The environment less what would have Node do anything but run the script: NODE_OPTIONS and the like. The toolkit looks tar and zstd up by PATH:
 * not first where a test may have put programs of those names.
 */
export function scriptEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("NODE_") || NETWORK.test(name)));
  return { ...kept, PATH: unwritableFirst(env.PATH ?? "") };
}
