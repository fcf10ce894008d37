import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { askInterpreter } from "../../src/build/interpreter-facts.ts";
import { findFolders, type ProjectFolders } from "../../src/build/project-folders.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

/** What is found for an interpreter with this `sys.path`. */
async function foldersOf(folder: string, path: readonly string[]): Promise<ProjectFolders> {
  const python = join(folder, "python");
  writeFileSync(python, `#!/bin/sh\necho '${JSON.stringify(["", ...path].slice(1))}'\n`);
  chmodSync(python, 0o755);
  mkdirSync(join(folder, "tree"), { recursive: true });
  const project = join(folder, "project");
  const place = { directory: project, workspace: project, passEnv: [], path: python, tree: join(folder, "tree"), freeThreaded: false };
  return await findFolders(place, new Processes({ PATH: process.env.PATH }));
}

suite("the folders of a project's files", () => {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "project/setup.py": "",
    "site-packages/numpy-2.0.dist-info/METADATA": "Name: numpy\nVersion: 2.0\n",
    "vendor/dep.whl": "an archive",
  });

  test("an archive on the path is not searched, and a change of its content is a change of the environment", async () => {
    const archive = join(folder, "vendor/dep.whl");
    const { searched, others } = await foldersOf(folder, [archive, join(folder, "vendor")]);
    assert.deepEqual(searched, [join(folder, "project"), join(folder, "vendor")]);
    assert.deepEqual(others, [`dep.whl ${hash("sha256", "an archive")}`]);
  });

  test("a zip archive on the path is the interpreter's only if it has the name of its library", async () => {
    writeFiles(folder, { "vendor/modules.zip": "modules", "lib/python314.zip": "library" });
    const { others } = await foldersOf(folder, [join(folder, "vendor/modules.zip"), join(folder, "lib/python314.zip")]);
    assert.deepEqual(others, [`modules.zip ${hash("sha256", "modules")}`]);
  });

  test("no folder of the path is left out if Python does not begin it with the current one", async () => {
    const processes = new Processes({ PATH: process.env.PATH, PYTHONPATH: join(folder, "vendor"), PYTHONSAFEPATH: "1" });
    const { program } = await askInterpreter("python3", processes, { directory: "/", passEnv: [] });
    const [project, tree] = [join(folder, "project"), join(folder, "tree")];
    for (const passEnv of [[], ["PYTHONSAFEPATH"]]) {
      const place = { directory: project, workspace: project, passEnv, path: program, tree, freeThreaded: false };
      assert.ok((await findFolders(place, processes)).searched.includes(join(folder, "vendor")), passEnv.join());
    }
  });

  test("a project's files outside of the folder of packages have names, too", async () => {
    writeFiles(folder, {
      "project/pyproject.toml": '[project]\nname = "my_ext"\n',
      "env/lib/site-packages/my_ext-1.0.dist-info/RECORD":
        "my_ext.py,,\n../../share/my_ext/a.json,,\n../../share/my_ext/more/b.json,,\n../../bin/my-ext,,\n",
      "env/lib/site-packages/my_ext.py": "",
      "env/share/my_ext/a.json": "{}",
      "env/share/my_ext/more/b.json": "{}",
      "env/bin/my-ext": "",
    });
    const { roots } = await foldersOf(folder, [join(folder, "env/lib/site-packages")]);
    assert.deepEqual(
      roots.map(({ path, prefix }) => [path.slice(folder.length + 1), prefix]),
      [
        ["env/lib/site-packages", "outside//site-packages/"],
        ["env/share/my_ext", "outside//my_ext/"],
        ["project", ""],
      ],
    );
  });

  test("no two folders outside of the checkout have one name, and none has that of a hidden file", async () => {
    writeFiles(folder, { "a/x-2/x.py": "", "b/x/x.py": "", "c/x/x.py": "", "d/.x/x.py": "" });
    const { roots } = await foldersOf(
      folder,
      ["a/x-2", "b/x", "c/x", "d/.x"].map((name) => join(folder, name)),
    );
    const prefixes = roots.map(({ prefix }) => prefix);
    assert.deepEqual(prefixes.toSorted(), ["", "outside-2//x/", "outside-3//x/", "outside//x-2/", "outside//x/"]);
  });
});
