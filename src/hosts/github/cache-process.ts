// The toolkit's cache client, in a separate process: docs/decisions/cache-in-a-process.md. The file to save or restore is in the working folder.
import "../../inspector.ts";
import { restoreCache, saveCache } from "@actions/cache";
import { messageOf } from "../../model/user-error.ts";
import { FILE } from "./cache-answer.ts";

// The toolkit writes its log, with workflow commands, to standard output, which is reserved for our answer.
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

async function perform([task, key = "", ...prefixes]: readonly string[]): Promise<string | undefined> {
  if (task === "keep") return (await saveCache([FILE], key)) === -1 ? undefined : key;
  return await restoreCache([FILE], key, [...prefixes]);
}

perform(process.argv.slice(2)).then(
  // Keep-alive connections would keep the process running.
  (key) => write(JSON.stringify({ key: key ?? null }), () => process.exit(0)),
  (thrown: unknown) => process.stderr.write(`\n::error::${messageOf(thrown)}\n`, () => process.exit(1)),
);
