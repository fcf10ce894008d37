/** Variables with which a runner lets a step access caches and artifacts, and request identity tokens. */
const SERVICES = /^ACTIONS_(RUNTIME_TOKEN|RUNTIME_URL|RESULTS_URL|CACHE_URL|CACHE_SERVICE_V2|ID_TOKEN_REQUEST_TOKEN|ID_TOKEN_REQUEST_URL)$/;
const TOKEN_INPUT = "INPUT_TOKEN";

/** The tokens of this step. */
export interface RunnerTokens {
  /** The input `token`; undefined if it is empty. */
  readonly token: string | undefined;
  readonly services: Readonly<Record<string, string>>;
}

/** Removes the job's tokens from the environment, so that no program started from here on inherits them. */
export function withholdTokens(env: NodeJS.ProcessEnv): RunnerTokens {
  const token = env[TOKEN_INPUT] || undefined;
  const services = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => SERVICES.test(name) && value !== undefined && value !== ""),
  );
  for (const name of [TOKEN_INPUT, ...Object.keys(services)]) delete env[name];
  return { token, services: services as Record<string, string> };
}

/** As the toolkit detects it, whose artifacts and newer caches do not work there. */
export function isEnterpriseServer({ GITHUB_SERVER_URL: url }: NodeJS.ProcessEnv): boolean {
  const host = URL.parse(url || "https://github.com")?.hostname.toLowerCase() ?? "";
  return host !== "github.com" && !host.endsWith(".ghe.com") && !host.endsWith(".localhost");
}
