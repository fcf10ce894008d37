import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { ownsObjects } from "../../src/system/installed-package.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

suite("owners of shared objects", () => {
  const folder = temporaryFolder();
  const packages = `${folder}/venv/lib/python3.13/site-packages`;
  writeFiles(folder, {
    "project/pyproject.toml": '[project]\nname = "My_Ext"\n',
    "nameless/setup.py": "",
    "venv/lib/python3.13/site-packages/my_ext-1.0.dist-info/RECORD": "my_ext/_core.so,sha256=x,12\nmy_ext.libs/libz-1.so,,\n",
    "venv/lib/python3.13/site-packages/other-1.0.dist-info/RECORD": "other/_core.so,,\n",
  });
  const owns = ownsObjects(`${folder}/project`);

  test("a shared object is the project's if its installed package lists it, with the libraries beside it", () => {
    assert.ok(owns(`${packages}/my_ext/_core.so`));
    assert.ok(owns(`${packages}/my_ext.libs/libz-1.so`));
  });

  test("a shared object is the project's if it lies in the project's folder, but for environments there", () => {
    assert.ok(owns(`${folder}/project/build/lib/_core.so`));
    assert.ok(!owns(`${folder}/project/.venv/lib/python3.13/site-packages/other/_core.so`));
  });

  test("a shared object is not the project's if another package, or none, lists it, or the project has no name", () => {
    assert.ok(!owns(`${packages}/other/_core.so`));
    assert.ok(!owns(`${packages}/my_ext/_cor`));
    assert.ok(!owns("/opt/lib/x.so"));
    assert.ok(!ownsObjects(`${folder}/nameless`)(`${packages}/my_ext/_core.so`));
  });
});
