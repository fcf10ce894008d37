import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { prepareBuild } from "../../src/build/prepare.ts";
import { UserError } from "../../src/model/user-error.ts";
import { parseSettings } from "../../src/settings/settings.ts";
import { Processes } from "../../src/system/processes.ts";
import { cpythonFolder, temporaryFolder, writeFiles } from "../support/folders.ts";
import { QuietProgress } from "../support/progress.ts";

test("a suppression file that cannot be used is refused by its name and line, before anything is fetched or built", async () => {
  const folder = temporaryFolder();
  writeFiles(folder, { "wide.supp": "{\n  wide\n  Memcheck:Leak\n  fun:*\n}\n" });
  const source = { kind: "release", version: "3.13" } as const;
  const surroundings = { directory: folder, home: folder, cores: 1, workDir: join(folder, "work"), source };
  const settings = parseSettings({ suppressions: "wide.supp" }, surroundings);
  await assert.rejects(
    prepareBuild(settings, { progress: new QuietProgress(), processes: new Processes(process.env) }),
    (error) => error instanceof UserError && /wide\.supp.* line 3:/.test(error.message),
  );
});

test("a test file that does not exist is refused by its name, whichever setting names it", async () => {
  const folder = temporaryFolder();
  const source = { kind: "checkout", path: cpythonFolder({ "Lib/test/test_here.py": "" }) } as const;
  const surroundings = { directory: folder, home: folder, cores: 1, workDir: join(folder, "work"), source };
  for (const name of ["tests", "scan", "torture"]) {
    const settings = parseSettings({ [name]: "test_here test_gone" }, surroundings);
    await assert.rejects(
      prepareBuild(settings, { progress: new QuietProgress(), processes: new Processes(process.env) }),
      (error) => error instanceof UserError && /`test_gone`/.test(error.message),
      name,
    );
  }
});

test("an option that the source's configure does not have is refused before anything is built", async () => {
  const folder = temporaryFolder();
  const source = { kind: "checkout", path: cpythonFolder({ configure: "ac_user_opts='\nwith_pydebug\n'\n" }) } as const;
  const surroundings = { directory: folder, home: folder, cores: 1, workDir: join(folder, "work"), source };
  const settings = parseSettings({ "configure-args": "--with-pydebug --with-pydebgu" }, surroundings);
  await assert.rejects(
    prepareBuild(settings, { progress: new QuietProgress(), processes: new Processes(process.env) }),
    /`configure-args` contains `--with-pydebgu`, which CPython 3\.13\.5\+ does not have/,
  );
});

test("settings that the version cannot serve are refused before a release is fetched", async () => {
  const folder = temporaryFolder();
  const source = { kind: "release", version: "3.14" } as const;
  const surroundings = { directory: folder, home: folder, cores: 1, workDir: join(folder, "work"), source };
  for (const [raw, message] of [
    [{ "python-version": "3.11", "python-stacks": "yes" }, /`python-stacks` is `yes`, which needs CPython 3\.12/],
    [{ torture: "all", "configure-args": "--disable-gil" }, /`torture` is `all`, which does not work with `--disable-gil`/],
  ] as const)
    await assert.rejects(
      prepareBuild(parseSettings(raw, surroundings), { progress: new QuietProgress(), processes: new Processes({}) }),
      message,
    );
});
