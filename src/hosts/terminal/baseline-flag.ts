import { existsSync } from "node:fs";
import { UserError } from "../../model/user-error.ts";

/** `main`, `fix-hosts`, or a version: `3.13`. */
const BRANCH = /^([^/.]+|\d+(\.\d+)+)$/;

/**
 * In the action, `baseline` can name a branch. In a terminal, `main` would be a file that does not exist yet: the check would record it and be
 * clean, although nothing was compared. @param flag as it is given. @param path the file that it stands for. @throws UserError
 */
export function refuseBranch(flag: string | undefined, path: string | undefined): void {
  const name = flag?.trim() ?? "";
  if (path === undefined || !BRANCH.test(name) || existsSync(path)) return;
  throw new UserError(`\`--baseline\` is \`${name}\`, which is not a file.`, {
    hint: `In a terminal, give a path such as \`./${name}.json.gz\`.`,
  });
}
