import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../model/user-error.ts";

/**
 * configure only warns about options that it does not know, so `--with-pydebgu` would give an ordinary build. @param args the user's arguments for
 * the configure of `source`. @throws UserError that names the first unknown one.
 */
export async function requireOptions(args: readonly string[], source: string, version: string): Promise<void> {
  if (args.length === 0) return;
  const script = join(source, "configure");
  const known = optionsIn(await readFile(script, "utf8").catch(() => ""));
  const unknown = known && unknownOption(args, known);
  if (unknown === undefined) return;
  throw new UserError(`\`configure-args\` contains \`${unknown}\`, which CPython ${version} does not have.`, {
    hint: `\`${script} --help\` lists its options.`,
  });
}

/** The options of a configure by autoconf's names for them, `with_pydebug`; undefined if they cannot be read. Pure. */
export function optionsIn(configure: string): ReadonlySet<string> | undefined {
  const list = /^ac_user_opts='([\w\n]*)'$/m.exec(configure)?.[1];
  return list === undefined ? undefined : new Set(list.split("\n").filter((name) => name !== ""));
}

/** The first option for a feature or package that is not known. Pure. */
export function unknownOption(args: readonly string[], known: ReadonlySet<string>): string | undefined {
  for (const arg of args) {
    const [option, kind, name] = /^--?(enable|disable|without|with)-([^=]*)/.exec(arg) ?? [];
    if (kind === undefined || name === undefined) continue;
    const group = kind === "enable" || kind === "disable" ? "enable" : "with";
    if (!known.has(`${group}_${name.replace(/[-+.]/g, "_")}`)) return option;
  }
  return undefined;
}
