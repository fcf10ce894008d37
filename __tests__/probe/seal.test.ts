import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { requireSelfTest, type SelfTest } from "../../src/engines/self-test.ts";
import { UserError } from "../../src/model/user-error.ts";
import { placeScripts, proofKey, restoreProbe, sealProbe } from "../../src/probe/seal.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

async function sealed() {
  const root = temporaryFolder();
  const folder = join(root, "probe");
  writeFiles(root, {
    "ours/runner.py": "run\n",
    "ours/selftest.py": "plant\n",
    "probe/module.so": "module",
    "probe/preload.so": "preload",
  });
  const scripts = ["runner.py", "selftest.py"].map((name) => join(root, "ours", name));
  const compiled = ["module.so", "preload.so"].map((name) => join(folder, name));
  await placeScripts(folder, scripts);
  await sealProbe(folder, compiled);
  return { root, folder, at: (name: string) => join(folder, name), restore: () => restoreProbe(folder, compiled, scripts) };
}

suite("a probe that is kept", () => {
  test("a kept probe is used again, with our own scripts even if tests overwrote them", async () => {
    const { root, at, restore } = await sealed();
    assert.equal(await restore(), true);
    writeFileSync(at("runner.py"), "pass\n");
    rmSync(at("selftest.py"));
    writeFileSync(join(root, "victim"), "precious");
    symlinkSync("../victim", at("selftest.py"));
    assert.equal(await restore(), true);
    assert.deepEqual(
      ["runner.py", "selftest.py"].map((name) => readFileSync(at(name), "utf8")),
      ["run\n", "plant\n"],
    );
    assert.equal(readFileSync(join(root, "victim"), "utf8"), "precious");
  });

  test("other files that could be imported from the folder of a kept probe are removed, and nothing else", async () => {
    const { folder, at, restore } = await sealed();
    mkdirSync(at("__pycache__"));
    writeFiles(folder, { "json.py": "x", "unittest/__init__.py": "x", "__pycache__/runner.cpython-313.pyc": "x", "made-of.d": "a: b" });
    assert.equal(await restore(), true);
    assert.deepEqual(readdirSync(folder).sort(), ["made-of.d", "module.so", "preload.so", "runner.py", "seal.json", "selftest.py"]);
  });

  test("a kept probe is compiled again if a compiled file changed or is gone, or the seal is", async () => {
    for (const change of [
      (at: (name: string) => string) => writeFileSync(at("module.so"), "modulo"),
      (at: (name: string) => string) => rmSync(at("preload.so")),
      (at: (name: string) => string) => rmSync(at("seal.json")),
      (at: (name: string) => string) => writeFileSync(at("seal.json"), '{"sealVersion":1,"files":{}}'),
    ]) {
      const { at, restore } = await sealed();
      change(at);
      assert.equal(await restore(), false);
    }
    assert.equal(await restoreProbe(join(temporaryFolder(), "none"), [], []), false);
  });
});

/** When this fails, the seal changed its form: its version must go up. */
test("a probe's seal has the form of its version", async () => {
  const { at } = await sealed();
  const hashes = ["module", "preload"].map((text) => hash("sha256", text));
  assert.equal(readFileSync(at("seal.json"), "utf8"), `{"sealVersion":1,"files":{"module.so":"${hashes[0]}","preload.so":"${hashes[1]}"}}`);
});

suite("the self-test of a probe", () => {
  async function tested() {
    const { root, folder, at } = await sealed();
    writeFiles(root, { "python.sh": "#!/bin/sh\nexit 1\n" });
    const python = join(root, "python.sh");
    const runContext = {
      python: {
        path: python,
        probe: {
          runner: at("runner.py"),
          preload: at("preload.so"),
          marker: at("marker.so"),
          footprint: at("footprint.so"),
          torture: at("torture.so"),
          children: { follow: at("follow.so"), look: at("children.so") },
          lifecycle: { library: at("lifecycle.so"), script: at("lifecycle.py") },
        },
        freeThreaded: false,
        framePointers: true,
      },
      project: { roots: [] },
      folder: join(root, "run"),
      leakCheckPer: "file",
      pythonStacks: false,
      timeout: 60,
      processes: new Processes(process.env),
    } as const;
    const fails: SelfTest = {
      engine: { name: "memcheck", title: "memcheck" },
      tool: "valgrind-3.99",
      run: (script) => runContext.processes.run(python, [script]),
      whyNotStarted: async () => undefined,
      remedy: "none",
    };
    const mark = at("self-test-passed-memcheck-valgrind-3.99");
    return { python, folder, at, mark, require: () => requireSelfTest(runContext, fails) };
  }

  test("the proof that a probe works is valid for one interpreter, compiled probe and set of scripts", async () => {
    const { python, folder, at } = await tested();
    const keys = [await proofKey(python, folder)];
    writeFileSync(at("self-test-passed-memcheck-valgrind-3.99"), "");
    assert.equal(await proofKey(python, folder), keys[0]);
    for (const path of [python, at("module.so"), at("runner.py")]) {
      writeFileSync(path, "another");
      keys.push(await proofKey(python, folder));
    }
    assert.equal(new Set(keys).size, 4);
  });

  test("the proof that a probe works must name the probe and the interpreter; a file without them does not count", async () => {
    const { python, folder, mark, require } = await tested();
    const result = `cpython-memcheck ${JSON.stringify({ event: "self-test", kinds: 9, missed: [], falseAlarms: [] })}\n`;
    for (const text of ["", result, `${"0".repeat(64)}\n${result}`]) {
      writeFileSync(mark, text);
      await assert.rejects(require(), UserError);
    }
    writeFileSync(mark, `${await proofKey(python, folder)}\n${result}`);
    assert.equal(await require(), 9);
  });
});
