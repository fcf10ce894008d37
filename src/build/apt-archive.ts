/** Where this system's packages come from. */
export interface AptArchive {
  readonly uri: string;
  readonly distribution: "debian" | "ubuntu";
  /** The release's code name, `bookworm`. */
  readonly codename: string;
  /** The key file that the system's own entry names. */
  readonly signedBy: string | undefined;
}

/** Names that stand for releases in each archive: newer releases have newer sources. */
const SUITES = { debian: ["oldstable", "stable", "testing", "unstable"], ubuntu: ["devel"] } as const;

/** Other names that a system's sources may use for its release: Debian unstable reports testing's code name, but its sources say `sid`. */
const ROLLING = new Set<string>([...SUITES.debian, ...SUITES.ubuntu, "sid"]);

const COMPONENTS = { debian: "main", ubuntu: "main universe" } as const;

/** Finds the entry of the distribution itself among apt's sources, in either of their two forms (sources.list(5)). Pure. */
export function parseAptSources(
  files: readonly { readonly file: string; readonly text: string }[],
  osRelease: string,
): AptArchive | undefined {
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(osRelease)?.[1];
  const distribution = /^ID=ubuntu$/m.test(osRelease) ? "ubuntu" : /^ID=debian$/m.test(osRelease) ? "debian" : undefined;
  if (codename === undefined || distribution === undefined) return undefined;
  const entries = files.flatMap(({ file, text }) => (file.endsWith(".sources") ? parseStanzas(text) : parseLines(text)));
  const own = entries.filter(({ suites }) => suites.includes(codename));
  const named = own.length > 0 ? own : entries.filter(({ suites }) => suites.some((suite) => ROLLING.has(suite)));
  // Third-party archives, such as Docker's or Microsoft's, use the same suite names but have no `-updates` suites.
  const hasUpdates = (uri: string): boolean => entries.some((other) => other.uri === uri && other.suites.includes(`${codename}-updates`));
  const isMirror = (uri: string): boolean => uri.replace(/\/+$/, "").endsWith(`/${distribution}`);
  const entry = named.find(({ uri }) => hasUpdates(uri)) ?? named.find(({ uri }) => isMirror(uri)) ?? named[0];
  return entry && { uri: entry.uri, distribution, codename, signedBy: entry.signedBy };
}

interface Entry {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly signedBy: string | undefined;
}

/** Values that apt reads as no. */
const FALSE = /^(no|false|without|off|disable)$/i;

function parseStanzas(text: string): Entry[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string): string | undefined => new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(stanza)?.[1]?.trim();
    const uri = field("URIs")?.split(/\s+/)[0];
    const key = field("Signed-By");
    if (!uri || !field("Types")?.split(/\s+/).includes("deb") || FALSE.test(field("Enabled") ?? "yes")) return [];
    return [{ uri, suites: field("Suites")?.split(/\s+/) ?? [], signedBy: key?.startsWith("/") ? key : undefined }];
  });
}

function parseLines(text: string): Entry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)/.exec(line.trim());
    if (match?.[2] === undefined || match[3] === undefined) return [];
    return [{ uri: match[2], suites: [match[3]], signedBy: /signed-by=(\S+)/.exec(match[1] ?? "")?.[1] }];
  });
}

/** Lines for a separate sources.list, with source packages only. */
export function sourceLines(archive: AptArchive): string[] {
  const options = archive.signedBy === undefined ? "" : `[signed-by=${archive.signedBy}] `;
  const suites = new Set([archive.codename, ...SUITES[archive.distribution]]);
  return [...suites].map((suite) => `deb-src ${options}${archive.uri} ${suite} ${COMPONENTS[archive.distribution]}\n`);
}
