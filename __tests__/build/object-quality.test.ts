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

  test("no note, and no end of the check, comes of an archive on the path, or of a link that leads nowhere", async () => {
    writeFiles(folder, { "archive.zip": "", "packages/readme": "" });
    symlinkSync(join(folder, "gone.so"), join(folder, "packages", "x.so"));
    const paths = ["archive.zip", "packages", "nowhere"].map((name) => join(folder, name));
    const odd = new Processes({ ...process.env, PYTHONPATH: paths.join(":") });
    assert.deepEqual(await objectNotes(inFolder("no-venv"), at(folder), odd), []);
  });
});
