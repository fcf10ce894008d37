import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { temporaryFolder } from "../support/folders.ts";
import { zip } from "../support/zip.ts";

const TOOLS = "scripts/tools";
const filesIn = (folder: string, end: string): readonly string[] =>
  readdirSync(folder, { encoding: "utf8" }).filter((name) => name.endsWith(end));

/** A package without any code. */
const WHEEL = zip(
  { name: "tiny-1.0.dist-info/METADATA", content: "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n" },
  { name: "tiny-1.0.dist-info/WHEEL", content: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n" },
  {
    name: "tiny-1.0.dist-info/RECORD",
    content: "tiny-1.0.dist-info/METADATA,,\ntiny-1.0.dist-info/WHEEL,,\ntiny-1.0.dist-info/RECORD,,\n",
  },
);

/** Installs that package by the script, from a folder in the place of PyPI. */
function install(requirement: string) {
  const folder = temporaryFolder();
  cpSync("scripts", join(folder, "scripts"), { recursive: true });
  writeFileSync(join(folder, "tiny-1.0-py3-none-any.whl"), WHEEL);
  writeFileSync(join(folder, TOOLS, "tiny.txt"), requirement);
  const env = { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder, XDG_CACHE_HOME: join(folder, "cache") };
  return spawnSync(join(folder, "scripts/pypi-tool"), ["tiny"], { env, encoding: "utf8" });
}

suite("a tool from PyPI", () => {
  const hash = createHash("sha256").update(WHEEL).digest("hex");

  test("a tool from PyPI is installed if its hash is the one that is written down", () => {
    const { status, stdout, stderr } = install(`tiny==1.0 --hash=sha256:${hash}\n`);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /\/tools\/tiny-[0-9a-f]{16}\/bin\n$/);
  });

  test("a tool from PyPI is not installed if it has another hash than is written down", () => {
    const { status, stdout, stderr } = install(`tiny==1.0 --hash=sha256:${"0".repeat(64)}\n`);
    assert.notEqual(status, 0);
    assert.equal(stdout, "");
    assert.match(stderr, /hash/i);
  });
});

suite("the tools that are written down", () => {
  for (const name of filesIn(TOOLS, ".txt")) {
    test(`the tool ${name} has one version of each package, and its hashes`, () => {
      const text = readFileSync(join(TOOLS, name), "utf8").replace(/^#.*\n/gm, "");
      assert.match(text, /^([\w-]+==[\d.]+( ; python_version < "[\d.]+")?( \\\n {4}--hash=sha256:[0-9a-f]{64})+\n)+$/);
    });
  }

  for (const name of readdirSync(TOOLS).filter((entry) => !entry.includes("."))) {
    test(`the tool ${name} has a hash of each module that it is made of`, () => {
      const sums = readFileSync(join(TOOLS, name, "go.sum"), "utf8");
      const modules = [...readFileSync(join(TOOLS, name, "go.mod"), "utf8").matchAll(/^\t(\S+ v\S+)/gm)].map(([, module]) => module);
      assert.ok(modules.length > 0);
      for (const module of modules) assert.ok(sums.includes(`${module} h1:`), module);
    });
  }

  test("the tools that are written down are all that the scripts install", () => {
    const scripts = ["lint", "lint-workflows", "go-tool", "pypi-tool"].map((name) => readFileSync(join("scripts", name), "utf8")).join("");
    const names = [...scripts.matchAll(/\$\(scripts\/(?:pypi|go)-tool (\S+)\)/g)].map(([, name]) => name);
    const known = [...filesIn(TOOLS, ".txt").map((name) => name.replace(".txt", "")), "actionlint", "act"];
    assert.deepEqual(
      names.filter((name) => !known.includes(name ?? "")),
      [],
    );
    assert.doesNotMatch(scripts, /pip" install(?!.*--require-hashes)|go install .*@/);
  });
});
