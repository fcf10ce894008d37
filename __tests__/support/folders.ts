// Real folders for tests of code that reads and writes files.

import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

/** A new folder, which is deleted after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "cpython-memcheck-test-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files by their paths in a folder; a script of a name that ends in `.sh` or is `configure` can be run. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: /(\.sh|configure)$/.test(name) ? 0o755 : 0o644 });
  }
}

/** The files by which the check recognizes a CPython source. */
export const CPYTHON_FILES = {
  "Include/patchlevel.h": '#define PY_MAJOR_VERSION 3\n#define PY_VERSION             "3.13.5+"\n',
  configure: "#!/bin/sh\n# --with-freelists\n",
  "Modules/_csv.c": "int csv;\n",
  "Lib/csv.py": "import _csv\n",
} as const;

/** A new folder that is a CPython source, with these further files. */
export function cpythonFolder(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  writeFiles(folder, { ...CPYTHON_FILES, ...files });
  return folder;
}
