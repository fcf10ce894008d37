import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { refuseBranch } from "../../../src/hosts/terminal/baseline-flag.ts";
import { UserError } from "../../../src/model/user-error.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

const FOLDER = temporaryFolder();

/** The refusal of `--baseline NAME`; undefined if it is accepted. */
function refusalOf(name: string | undefined): string | undefined {
  try {
    refuseBranch(name, name && join(FOLDER, name.trim()));
    return undefined;
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return `${error.message} ${error.hint}`;
  }
}

suite("a branch as a terminal's baseline", () => {
  test("a branch as a terminal's baseline is refused at once, with what to give instead", () => {
    assert.equal(refusalOf("main"), "`--baseline` is `main`, which is not a file. In a terminal, give a path such as `./main.json.gz`.");
    for (const name of ["3.13", "fix-hosts", " main "])
      assert.match(refusalOf(name) ?? "", new RegExp(`\`${name.trim()}\`, which is not a file`));
  });

  test("a branch as a terminal's baseline is distinguished from a file that does not exist yet", () => {
    for (const path of ["main.json.gz", "./main", "baselines/main", "3.13.json.gz", "b.gz"]) assert.equal(refusalOf(path), undefined, path);
    assert.equal(refusalOf(undefined), undefined);
  });

  test("a branch as a terminal's baseline is a file if there is one of that name", () => {
    writeFiles(FOLDER, { trunk: "" });
    assert.equal(refusalOf("trunk"), undefined);
  });
});
