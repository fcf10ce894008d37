// Prints this system's own package archive for scripts/test-toolchain: its address, the distribution and the file of its key.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAptSources } from "../src/build/apt-archive.ts";

const PARTS = "/etc/apt/sources.list.d";

const files = ["/etc/apt/sources.list", ...readdirSync(PARTS).map((name) => join(PARTS, name))].map((file) => ({
  file,
  text: textOf(file),
}));
const archive = parseAptSources(files, textOf("/etc/os-release"));
if (archive === undefined) {
  console.error("This system's apt sources name no Debian or Ubuntu archive.");
  process.exitCode = 2;
} else console.log([archive.uri, archive.distribution, archive.signedBy ?? ""].join("\t"));

/** Empty for a file that does not exist. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
