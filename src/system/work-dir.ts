import { mkdir, realpath } from "node:fs/promises";
import { UserError, writingTo } from "../model/user-error.ts";

/**
 * What a path may consist of. `make` and the shell split or interpret blanks, quotes, `$`, `\` and the like in the flags that name the folder,
 * valgrind expands `%` in its file names, lists of libraries end at `:`, and Makefiles at `#`.
 */
const PLAIN_PATH = /^[\p{L}\p{M}\p{N}/._\-+@,=~]*$/u;

/** Makes the work folder. @throws UserError where it cannot be made, or CPython could not be built or checked in a folder of that name. */
export async function openWorkDir(path: string): Promise<void> {
  requirePlain(path, path);
  await writingTo("The folder `work-dir`,", path, () => mkdir(path, { recursive: true }));
  // `make` knows the folder by its real name.
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
