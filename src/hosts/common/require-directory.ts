import { realpathSync, statSync } from "node:fs";
import { UserError } from "../../model/user-error.ts";
import { type Folders, folderOf, isInside } from "../../settings/directory-setting.ts";

/** @throws UserError if the command's folder does not exist, or a symbolic link leads out of the workspace. */
export function requireDirectory({ workspace, directory }: Folders): void {
  if (directory === workspace) return;
  const name = folderOf({ workspace, directory });
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`\`directory\` is \`${name}\`, and there is no such folder in ${workspace}.`);
  const real = realpathSync(directory);
  if (!isInside(real, realpathSync(workspace)))
    throw new UserError(`\`directory\` is \`${name}\`, a link that leads out of ${workspace}, to ${real}.`);
}
