// A minimal source that counts as a CPython and builds quickly: `configure` writes a Makefile with these lines, which may create a program `python`.

import type { BuildContext } from "../../src/build/make.ts";
import { makeRecipe } from "../../src/build/recipe.ts";
import { openSource } from "../../src/build/source.ts";
import { Processes } from "../../src/system/processes.ts";
import { cpythonFolder } from "./folders.ts";
import { TOOLCHAIN } from "./prepared.ts";
import { QuietProgress } from "./progress.ts";

/** @param lines of the Makefile's only rule; @param python a shell script; @param files further files of the source. */
export async function smallCpython(
  lines: readonly string[],
  python = "#!/bin/sh\n",
  files: Readonly<Record<string, string>> = {},
): Promise<BuildContext> {
  const processes = new Processes(process.env);
  const path = cpythonFolder({
    configure: "#!/bin/sh\n# --with-freelists\ncp Makefile.pre.in Makefile\necho '#define WITH_VALGRIND 1' > pyconfig.h\n",
    "Makefile.pre.in": `EXT_SUFFIX=.so\nall:\n${lines.map((line) => `\t${line}\n`).join("")}`,
    "python.sh": python,
    "Misc/valgrind-python.supp": "",
    ...files,
  });
  const source = await openSource(path, processes);
  return { source, recipe: makeRecipe(source, TOOLCHAIN, []), jobs: 1, processes, progress: new QuietProgress() };
}
