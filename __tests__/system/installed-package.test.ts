import assert from "node:assert/strict";
import { rmSync, symlinkSync } from "node:fs";
import { suite, test } from "node:test";
import { ownsObjects, readPackages } from "../../src/system/installed-package.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const at = (path: string) => ({ workspace: path, directory: path });

suite("owners of shared objects", () => {
  const folder = temporaryFolder();
  const packages = `${folder}/venv/lib/python3.13/site-packages`;
  writeFiles(folder, {
    "project/pyproject.toml": '[project]\nname = "My_Ext"\n',
    "nameless/setup.py": "",
    "venv/lib/python3.13/site-packages/my_ext-1.0.dist-info/RECORD": "my_ext/_core.so,sha256=x,12\nmy_ext.libs/libz-1.so,,\n",
    "venv/lib/python3.13/site-packages/other-1.0.dist-info/RECORD": "other/_core.so,,\n",
  });
  const owns = ownsObjects(at(`${folder}/project`));

  test("a shared object is the project's if its installed package lists it, with the libraries beside it", () => {
    assert.ok(owns(`${packages}/my_ext/_core.so`));
    assert.ok(owns(`${packages}/my_ext.libs/libz-1.so`));
  });

  test("a shared object is the project's if it lies in the project's folder, but for environments there", () => {
    assert.ok(owns(`${folder}/project/build/lib/_core.so`));
    assert.ok(!owns(`${folder}/project/.venv/lib/python3.13/site-packages/other/_core.so`));
  });

  test("a shared object is the project's if its package was installed from the checkout, whatever its name", () => {
    const about = "venv/lib/python3.13/site-packages/plain-1.0.dist-info";
    const url = `file://${folder}/name%6Cess/packages/plain`;
    writeFiles(folder, { [`${about}/RECORD`]: "plain/_p.so,,\n", [`${about}/direct_url.json`]: JSON.stringify({ url, dir_info: {} }) });
    assert.ok(ownsObjects(at(`${folder}/nameless`))(`${packages}/plain/_p.so`));
    assert.ok(!ownsObjects(at(`${folder}/name`))(`${packages}/plain/_p.so`));
    symlinkSync(`${folder}/nameless`, `${folder}/link`);
    assert.ok(ownsObjects(at(`${folder}/link`))(`${packages}/plain/_p.so`));
  });

  test("a shared object in a folder of packages in the checkout is the project's only if no other package lists it", () => {
    writeFiles(folder, {
      "project/deps/other-1.0.dist-info/RECORD": "other/_core.so,,\nother.libs/libz.so.1,,\nother/a.py,,\n",
      "project/deps/my_ext-1.0.dist-info/RECORD": "my_ext/_core.so,,\n",
    });
    const ownsNow = ownsObjects(at(`${folder}/project`));
    for (const name of ["other/_core.so", "other.libs/libz.so.1"]) assert.ok(!ownsNow(`${folder}/project/deps/${name}`), name);
    for (const name of ["deps/my_ext/_core.so", "deps/made.so", "src/_core.so"]) assert.ok(ownsNow(`${folder}/project/${name}`), name);
  });

  test("a shared object is not the project's if another package, or none, lists it, or the project has no name", () => {
    assert.ok(!owns(`${packages}/other/_core.so`));
    assert.ok(!owns(`${packages}/my_ext/_cor`));
    assert.ok(!owns("/opt/lib/x.so"));
    assert.ok(!ownsObjects(at(`${folder}/nameless`))(`${packages}/my_ext/_core.so`));
  });
});

suite("the packages of an environment", () => {
  const folder = temporaryFolder();
  const packages = `${folder}/site-packages`;
  const from = (path: string): string => JSON.stringify({ url: `file://${path}`, dir_info: {} });
  writeFiles(folder, {
    "project/pyproject.toml": '[project]\nname = "My_Ext"\n',
    "nameless/setup.py": "",
    "site-packages/my_ext-1.0.dist-info/RECORD": 'my_ext/_core.so,sha256=x,12\n"my_ext/b.py",,\n',
    "site-packages/nameless-0.0.0.dist-info/RECORD": "nameless.py,,\n",
    "site-packages/nameless-0.0.0.dist-info/direct_url.json": from(`${folder}/nameless/dist/nameless-0.0.0.whl`),
    "site-packages/local-1.0.dist-info/RECORD": "local.py,sha256=1,\n",
    "site-packages/local-1.0.dist-info/direct_url.json": from("/elsewhere"),
    "site-packages/other-2.1.dist-info/RECORD": "other/_core.so,,\n",
  });
  const names = (others: readonly string[]): readonly string[] => others.map((other) => other.split(".dist-info")[0] ?? "");

  test("packages are the project's own by its name, or by the folder that they were installed from", () => {
    const named = readPackages(packages, at(`${folder}/project`));
    assert.deepEqual(named.own, [`${packages}/my_ext/_core.so`, `${packages}/my_ext/b.py`]);
    assert.deepEqual(names(named.others), ["local-1.0", "nameless-0.0.0", "other-2.1"]);
    assert.deepEqual(readPackages(packages, at(`${folder}/nameless`)).own, [`${packages}/nameless.py`]);
  });

  test("packages are identified by their versions, and by their files if they were installed from a folder", () => {
    const read = (): string => readPackages(packages, at(`${folder}/project`)).others.join();
    const before = read();
    writeFiles(folder, { "site-packages/other-2.1.dist-info/RECORD": "other/_core.so,sha256=2,\n" });
    assert.equal(read(), before);
    writeFiles(folder, { "site-packages/local-1.0.dist-info/RECORD": "local.py,sha256=2,\n" });
    assert.notEqual(read(), before);
  });

  test("packages from a repository or an archive are identified by what was installed, since it may change within one version", () => {
    const about = "site-packages/remote-1.0.dist-info";
    const others = (origin: object, record = "remote.py,sha256=1,\n"): string => {
      writeFiles(folder, { [`${about}/RECORD`]: record, [`${about}/direct_url.json`]: JSON.stringify(origin) });
      return readPackages(packages, at(`${folder}/project`)).others.join();
    };
    const url = "https://example.org/remote";
    const commit = (id: string) => ({ url, vcs_info: { vcs: "git", commit_id: id, requested_revision: "main" } });
    assert.notEqual(others(commit("a")), others(commit("b")));
    // Compiled files differ from one installation to the next.
    assert.equal(others(commit("a")), others(commit("a"), "remote.py,sha256=2,\n"));
    const archive = (hash?: string) => ({ url: `${url}/main.zip`, archive_info: hash === undefined ? {} : { hash } });
    assert.notEqual(others(archive("sha256=a")), others(archive("sha256=b")));
    assert.notEqual(others(archive()), others(archive(), "remote.py,sha256=2,\n"));
    rmSync(`${folder}/${about}`, { recursive: true });
  });

  test("a package's files may have any names", () => {
    const record = `"my_ext/a,b.json",sha256=1,2\n"my_ext/say ""hi"".txt",,\n"my_ext/two\nlines",,\nmy_ext/c\u2028d.txt,,\n/etc/my_ext.conf,,\n`;
    writeFiles(folder, { "odd/my_ext-1.0.dist-info/RECORD": record });
    const names = ["a,b.json", 'say "hi".txt', "two\nlines", "c\u2028d.txt"].map((name) => `${folder}/odd/my_ext/${name}`);
    assert.deepEqual(readPackages(`${folder}/odd`, at(`${folder}/project`)).own, [...names, "/etc/my_ext.conf"]);
  });

  test("files beside packages that no package lists are the project's, unless a package does not say which files it has", () => {
    writeFiles(folder, {
      "beside/other-2.1.dist-info/RECORD": "other/_core.so,,\n",
      "beside/other-2.1.dist-info/INSTALLER": "pip\n",
      "beside/other/_core.so": "",
      "beside/copied.so": "",
      "beside/copied/a.py": "",
      "beside/copied/__pycache__/a.cpython-313.pyc": "",
    });
    const own = () => [...readPackages(`${folder}/beside`, at(`${folder}/project`)).own].sort();
    assert.deepEqual(own(), [`${folder}/beside/copied.so`, `${folder}/beside/copied/a.py`]);
    writeFiles(folder, { "beside/debian-1.0.dist-info/METADATA": "" });
    assert.deepEqual(own(), []);
  });
});
