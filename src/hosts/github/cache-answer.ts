import * as v from "valibot";

/** The name of the only file in a cache. The service hashes it: another name would make it another cache. */
export const FILE = "build.tar.zst";

/** The final output of the cache process: the key of the cache that it restored or saved. */
export const CacheAnswerSchema = v.object({ key: v.nullable(v.string()) });

/** The toolkit logs its reasons instead of returning them. A failed reservation is only in its debug log, a retry is plain text. */
const COMPLAINT =
  /^(?:::(?:warning|error)::(?:Failed to \w+: )?|::debug::Failed to reserve cache: (?:Error: )?|Cache \w+ skipped: (?=.* writes)|(?=Attempt \d+ of \d+ failed))(.+)$/gm;

/** The toolkit's last complaint in its log, in one line, without signatures of URLs. */
export function complaintIn(log: string): string | undefined {
  const last = [...log.matchAll(COMPLAINT)].at(-1)?.[1];
  return last
    ?.split("%0A", 1)[0]
    ?.replaceAll("%25", "%")
    .replace(/\bsig=[^&\s"']+/g, "sig=…")
    .replace(/[.\s]+$/, "");
}
