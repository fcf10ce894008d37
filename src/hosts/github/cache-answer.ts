import * as v from "valibot";

/** The name of the one file of a cache. The service hashes it: with another name there are other caches. */
export const FILE = "build.tar.zst";

/** What the process that has the toolkit's cache writes in the end: the key of the cache that it restored or kept. */
export const CacheAnswerSchema = v.object({ key: v.nullable(v.string()) });

/** The toolkit returns no reasons: it logs them. A reservation that fails it tells of in its debug log only, a retry as plain text. */
const COMPLAINT =
  /^(?:::(?:warning|error)::(?:Failed to \w+: )?|::debug::Failed to reserve cache: (?:Error: )?|Cache \w+ skipped: (?=.* writes)|(?=Attempt \d+ of \d+ failed))(.+)$/gm;

/** The toolkit's last complaint in its log, as one line without the signatures of URLs. */
export function complaintIn(log: string): string | undefined {
  const last = [...log.matchAll(COMPLAINT)].at(-1)?.[1];
  return last
    ?.split("%0A", 1)[0]
    ?.replaceAll("%25", "%")
    .replace(/\bsig=[^&\s"']+/g, "sig=…")
    .replace(/[.\s]+$/, "");
}
