// Starts our scripts beside this file in a separate Node process.
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { unwritableFirst } from "../../system/programs.ts";

/** Node variables that only configure the network; all others can make Node run code or open its inspector. */
const NETWORK = /^NODE_(EXTRA_CA_CERTS|USE_SYSTEM_CA|USE_ENV_PROXY|TLS_REJECT_UNAUTHORIZED)$/;

/** Needs a Node newer than 22.13. Without it, the signal still does nothing once the script runs. */
const WITHOUT_INSPECTOR = "--disable-sigusr1";

/** Node's arguments, for `process.execPath`. */
export function scriptArgs(name: "artifact-process" | "cache-process", request: readonly string[]): string[] {
  const script = fileURLToPath(new URL(`${name}${extname(import.meta.filename)}`, import.meta.url));
  const inspector = process.allowedNodeEnvironmentFlags.has(WITHOUT_INSPECTOR) ? [WITHOUT_INSPECTOR] : [];
  return [...inspector, "--disable-warning=ExperimentalWarning", script, ...request];
}

/**
 * The environment without variables that make Node do anything but run the script, such as NODE_OPTIONS. The toolkit looks up tar and zstd in
 * PATH: folders where a test may have put such programs come last.
 */
export function scriptEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("NODE_") || NETWORK.test(name)));
  return { ...kept, PATH: unwritableFirst(env.PATH ?? "") };
}
