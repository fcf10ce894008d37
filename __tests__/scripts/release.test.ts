import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";

/** The jobs of the release, by their names, as text. */
function jobs(): ReadonlyMap<string, string> {
  const [, text = ""] = readFileSync(".github/workflows/release.yml", "utf8").split(/^jobs:\n/m);
  const parts = text.split(/^ {2}(?=\w+:\n)/m).filter((part) => part !== "");
  return new Map(parts.map((part) => [part.slice(0, part.indexOf(":")), part]));
}

suite("the release", () => {
  const runsOurCode = /npm |scripts\/|node /;

  test("the release builds in a job that may only read", () => {
    const build = jobs().get("build") ?? "";
    assert.match(build, runsOurCode);
    assert.doesNotMatch(build, /: write\b/);
  });

  test("the release runs no code of ours or of a package if it may write", () => {
    const writing = [...jobs()].filter(([, text]) => /: write\b/.test(text));
    assert.deepEqual(
      writing.map(([name]) => name),
      ["attest", "draft"],
    );
    for (const [, text] of writing) assert.doesNotMatch(text, runsOurCode);
  });

  test("the release has the draft wait for the comparison and the attestation", () => {
    assert.match(jobs().get("attest") ?? "", /needs: build\n/);
    assert.match(jobs().get("draft") ?? "", /needs: \[build, attest\]\n/);
  });
});

test("workflows name actions by their commits", () => {
  for (const file of globSync(".github/workflows/*.yml")) {
    const names = [...readFileSync(file, "utf8").matchAll(/uses: (\S+)/g)].map(([, name = ""]) => name);
    for (const name of names.filter((one) => one !== "./")) assert.match(name, /@[0-9a-f]{40}$/, file);
  }
});
