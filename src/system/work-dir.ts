import { mkdir, realpath } from "node:fs/promises";
import { UserError, writingTo } from "../model/user-error.ts";

/**
 * Characters allowed in the path. `make` and the shell split or interpret blanks, quotes, `$`, `\` and the like in flags that name the folder,
 * valgrind expands `%` in file names, library lists end at `:`, and Makefiles at `#`.
 */
const PLAIN_PATH = /^[\p{L}\p{M}\p{N}/._\-+@,=~]*$/u;

/** Creates the work folder. @throws UserError if it can't be created, or CPython can't be built or checked in a folder with that name. */
export async function openWorkDir(path: string): Promise<void> {
  requirePlain(path, path);
  await writingTo("The folder `work-dir`,", path, () => mkdir(path, { recursive: true }));
  // `make` uses the folder's real path.
  requirePlain(path, await realpath(path));
}

function requirePlain(path: string, real: string): void {
  if (PLAIN_PATH.test(real)) return;
  const wrong = [...new Set([...real].filter((character) => !PLAIN_PATH.test(character)))].map((character) => JSON.stringify(character));
  const link = real === path ? "" : `, which leads to ${JSON.stringify(real)}`;
  throw new UserError(
    `\`work-dir\` is ${JSON.stringify(path)}${link}: CPython cannot be built and checked in a path with ${wrong.join(" ")}.`,
    {
      hint: "Allowed are letters, digits and `/ . _ - + @ , = ~`. Give another folder as `work-dir`.",
    },
  );
}
