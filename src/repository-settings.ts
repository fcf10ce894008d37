import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "smol-toml";
import { messageOf, systemCodeOf, UserError } from "./errors.ts";
import { NO_REPOSITORY_SETTINGS, parseRepositorySettings, type RepositorySettings } from "./findings/acceptance.ts";

const FILE = ".memcheck.toml";

/** Nobody writes this much by hand. */
const MOST_BYTES = 1024 * 1024;

/** What the repository under test says of its own checks. @throws UserError that names what is wrong in its file. */
export async function readRepositorySettings(folder: string): Promise<RepositorySettings> {
  const path = join(folder, FILE);
  const text = await readText(path);
  if (text === undefined) return NO_REPOSITORY_SETTINGS;
  const settings = parseRepositorySettings(parseToml(text, path));
  if ("wrong" in settings) throw new UserError(`${path} is not what it should be: ${settings.wrong}`, { hint: EXAMPLE });
  return settings;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const status = await stat(path);
    // A link in a checkout may lead to what has no end.
    if (!status.isFile()) throw new UserError(`${path} is no file.`);
    if (status.size > MOST_BYTES) throw new UserError(`${path} is larger than ${MOST_BYTES} bytes.`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return undefined;
    if (error instanceof UserError) throw error;
    throw new UserError(`${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

function parseToml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new UserError(`${path} is no TOML: ${messageOf(cause).split("\n")[0]}`, { cause });
  }
}

const EXAMPLE = `Its form:
burst-limit = 10
[[accept]]
signature = "0123456789abcdef"
reason = "why this finding is lived with"
expires = 2027-03-01`;
