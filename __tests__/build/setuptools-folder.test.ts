import assert from "node:assert/strict";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { inNewFolder } from "../../src/build/setuptools-folder.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

suite("the folder that setuptools compiles in", () => {
  /** Builds in these folders of a checkout, like packages that pip installs. Returns the name of the build folder that was requested. */
  async function build(workspace: string, folders: readonly string[], directory = "project"): Promise<string> {
    const installation = { directory: join(workspace, directory), workspace, packages: ["-r", "requirements.txt"] };
    return await inNewFolder(join(temporaryFolder(), "setuptools.cfg"), installation, async ({ DIST_EXTRA_CONFIG = "" }) => {
      const name = /^build_base = (.*)$/m.exec(readFileSync(DIST_EXTRA_CONFIG, "utf8"))?.[1] ?? "";
      for (const folder of folders) {
        assert.ok(!existsSync(join(workspace, folder, name)), folder);
        writeFiles(workspace, { [`${folder}/${name}/lib/x.c`]: "" });
      }
      return name;
    });
  }

  test("nothing is left in any folder of the checkout, except in folders of others", async () => {
    const [workspace, elsewhere] = [temporaryFolder(), temporaryFolder()];
    writeFiles(workspace, { "project/setup.py": "" });
    symlinkSync(elsewhere, join(workspace, "link"));
    const own = ["project", "project/lib", "libs/.hidden/other"];
    const others = ["node_modules/x", "project/.git/x", "link"];
    const name = await build(workspace, [...own, ...others]);
    for (const folder of own) assert.ok(!existsSync(join(workspace, folder, name)), folder);
    for (const folder of others) assert.ok(existsSync(join(workspace, folder, name)), folder);
  });

  test("a package of a project is compiled in a folder of the same name again, which is removed before if it was left there", async () => {
    const workspace = temporaryFolder();
    writeFiles(workspace, { "project/setup.py": "", "other/setup.py": "" });
    const name = await build(workspace, ["project/lib"]);
    writeFiles(workspace, { [`project/lib/${name}/old.c`]: "" });
    assert.equal(await build(workspace, ["project/lib"]), name);
    assert.notEqual(await build(workspace, [], "other"), name);
  });

  test("it has the same name in another checkout", async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    for (const workspace of [one, other]) writeFiles(workspace, { "project/setup.py": "" });
    assert.equal(await build(one, []), await build(other, []));
  });
});
