import assert from "node:assert/strict";
import { readFileSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { lacksOf, objectNotes } from "../../src/build/object-quality.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const processes = new Processes(process.env);

/** Several functions that call others, so that each has a frame. */
const PROGRAM = Array.from(
  { length: 12 },
  (_, index) => `void g${index}(int *); int f${index}(void) { int x = ${index}; g${index}(&x); return x; }`,
);

suite("a shared object", { skip: process.arch === "x64" ? false : "frame pointers are looked for on x86-64 only" }, () => {
  const folder = temporaryFolder();
  writeFiles(folder, { "x.c": PROGRAM.join("\n") });
  const lacks = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const object = join(folder, "x.so");
    await processes.output("gcc", ["-O2", "-shared", "-fPIC", ...flags, join(folder, "x.c"), "-o", object]);
    const { stdout } = await processes.run("readelf", ["-S", "-s", "-W", object]);
    return lacksOf(stdout, readFileSync(object));
  };

  test("a shared object lacks nothing when compiled with symbols and frame pointers", async () => {
    assert.deepEqual(await lacks("-g", "-fno-omit-frame-pointer"), []);
  });

  test("a shared object lacks the information that its compiler flags omit", async () => {
    assert.deepEqual(await lacks("-fno-omit-frame-pointer"), ["lines"]);
    assert.deepEqual(await lacks("-g", "-fomit-frame-pointer"), ["frame pointers"]);
    assert.deepEqual(await lacks("-g", "-s"), ["symbols"]);
  });

  const at = (path: string) => ({ workspace: path, directory: path });
  const inFolder = (name: string, freeThreaded = false) => {
    return { path: join(folder, name, "bin/python"), version: freeThreaded ? "3.14.2" : "3.13.5", freeThreaded };
  };

  test("a note names a shared object of the project, with the missing information", async () => {
    const site = "venv/lib/python3.13/site-packages";
    writeFiles(folder, {
      "project/pyproject.toml": '[project]\nname = "ext"\n',
      [`${site}/ext-1.dist-info/RECORD`]: "ext/_x.so,,\n",
      [`${site}/ext/readme`]: "",
      [`${site}/other/readme`]: "",
    });
    for (const name of ["ext", "other"])
      await processes.output("gcc", ["-s", "-shared", "-fPIC", join(folder, "x.c"), "-o", join(folder, site, name, "_x.so")]);
    symlinkSync("loop.so", join(folder, site, "ext", "loop.so"));
    const notes = await objectNotes(inFolder("venv"), at(join(folder, "project")), processes);
    assert.deepEqual(notes, [{ code: "object-without", object: join(folder, site, "ext/_x.so"), lacks: ["symbols"] }]);
    renameSync(join(folder, "venv/lib/python3.13"), join(folder, "venv/lib/python3.14t"));
    assert.equal((await objectNotes(inFolder("venv", true), at(join(folder, "project")), processes)).length, 1);
  });

  /** The objects that notes name, below the folder. */
  const noted = async (project: { workspace: string; directory: string }, venv: string, env: NodeJS.ProcessEnv = {}) => {
    const notes = await objectNotes(inFolder(venv), project, new Processes({ ...process.env, PYTHONPATH: "", ...env }));
    return notes.flatMap((note) => (note.code === "object-without" ? [note.object.slice(folder.length + 1)] : []));
  };
  const compileTo = async (...names: readonly string[]): Promise<void> => {
    for (const name of names) {
      writeFiles(folder, { [name]: "" });
      await processes.output("gcc", ["-s", "-shared", "-fPIC", join(folder, "x.c"), "-o", join(folder, name)]);
    }
  };

  test("a note names a shared object of a project without a pyproject.toml, by the folder that it was installed from", async () => {
    const site = "plain-venv/lib/python3.13/site-packages";
    writeFiles(folder, {
      "plain/setup.py": "",
      [`${site}/plain-1.dist-info/RECORD`]: "plain/_p.so,,\n",
      [`${site}/plain-1.dist-info/direct_url.json`]: JSON.stringify({ url: `file://${folder}/plain`, dir_info: {} }),
      [`${site}/other-1.dist-info/RECORD`]: "other/_o.so,,\n",
    });
    await compileTo(`${site}/plain/_p.so`, `${site}/other/_o.so`);
    assert.deepEqual(await noted(at(join(folder, "plain")), "plain-venv"), [`${site}/plain/_p.so`]);
  });

  test("a note names a shared object that was built in place, and not the copy of one that is installed", async () => {
    const site = "in-place-venv/lib/python3.13/site-packages";
    writeFiles(folder, {
      "in-place/pyproject.toml": '[project]\nname = "ext"\n',
      "in-place/venv/pyvenv.cfg": "",
      [`${site}/ext-1.dist-info/RECORD`]: "ext/_copy.so,,\n",
    });
    const objects = ["src/ext/_x.cpython-313-x86_64-linux-gnu.so", "src/ext/_copy.so", "venv/lib/_venv.so", "build/lib.linux/_y.so"];
    await compileTo(`${site}/ext/_copy.so`, ...objects.map((name) => `in-place/${name}`));
    assert.deepEqual(await noted(at(join(folder, "in-place")), "in-place-venv"), [`${site}/ext/_copy.so`, `in-place/${objects[0]}`]);
  });

  test("a note names a shared object in a folder of the checkout that an editable installation names", async () => {
    const site = "editable-venv/lib/python3.13/site-packages";
    const lines = ["# comment", "import os; x = '/y'", join(folder, "mono/packages/bar/src"), join(folder, "elsewhere"), "relative", ""];
    writeFiles(folder, { [`${site}/__editable__.bar-1.pth`]: lines.join("\n"), "mono/packages/foo/pyproject.toml": "" });
    await compileTo("mono/packages/bar/src/_bar.so", "mono/packages/other/_other.so", "elsewhere/_far.so");
    const project = { workspace: join(folder, "mono"), directory: join(folder, "mono/packages/foo") };
    assert.deepEqual(await noted(project, "editable-venv"), ["mono/packages/bar/src/_bar.so"]);
  });

  test("no note names another package's shared object that is installed in a folder of the checkout", async () => {
    writeFiles(folder, {
      "target/pyproject.toml": '[project]\nname = "ext"\n',
      "target/deps/numpy-2.dist-info/RECORD": "numpy/_core.so,,\n",
      "target/deps/ext-1.dist-info/RECORD": "ext/_x.so,,\n",
    });
    await compileTo("target/deps/numpy/_core.so", "target/deps/ext/_x.so");
    const env = { PYTHONPATH: join(folder, "target/deps") };
    assert.deepEqual(await noted(at(join(folder, "target")), "no-venv", env), ["target/deps/ext/_x.so"]);
  });

  test("an archive on the path, or a link that leads nowhere, causes no note and does not end the check", async () => {
    writeFiles(folder, { "archive.zip": "", "packages/readme": "", "empty/setup.py": "" });
    symlinkSync(join(folder, "gone.so"), join(folder, "packages", "x.so"));
    const paths = ["archive.zip", "packages", "nowhere"].map((name) => join(folder, name));
    const odd = new Processes({ ...process.env, PYTHONPATH: paths.join(":") });
    assert.deepEqual(await objectNotes(inFolder("no-venv"), at(join(folder, "empty")), odd), []);
  });
});
