import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { makeRecipe, recipeKey } from "../../src/build/recipe.ts";
import { isAtLeast, parseValgrindVersion, probeToolchain } from "../../src/build/toolchain.ts";
import { UserError } from "../../src/model/user-error.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { SOURCE } from "../support/prepared.ts";

suite("valgrind's version", () => {
  test("valgrind's version is read from what valgrind says", () => {
    assert.equal(parseValgrindVersion("valgrind-3.19.0\n"), "3.19.0");
    assert.equal(parseValgrindVersion("valgrind-3.18.1"), "3.18.1");
    assert.equal(parseValgrindVersion("valgrind-3.27.0.GIT-1a2b3c-lbm"), "3.27.0");
    assert.equal(parseValgrindVersion("valgrind-4.0"), "4.0");
  });

  test("valgrind's version is refused when it is too old, by numbers and not by letters", () => {
    for (const old of ["3.17.0", "3.9.1", "3.2.3", "2.4.0"]) {
      assert.throws(
        () => parseValgrindVersion(`valgrind-${old}`),
        (error) => error instanceof UserError && error.message.includes(old) && error.message.includes("3.18"),
      );
    }
  });

  test("valgrind's version is refused when it cannot be read", () => {
    for (const said of ["", "valgrind", "three"]) assert.throws(() => parseValgrindVersion(said), /cannot be read/);
  });
});

test("versions of tools are compared by number, part by part", () => {
  const at326 = (version: string) => isAtLeast(version, [3, 26]);
  for (const newer of ["3.26", "3.26.0", "3.27.1", "3.100.0", "4.0", "glibc 3.26"]) assert.ok(at326(newer), newer);
  for (const older of ["3.25.9", "3.9", "2.43", "", "three"]) assert.ok(!at326(older), older);
});

test("a build is another one if pkg-config looks for libraries elsewhere", async () => {
  const folder = temporaryFolder();
  for (const name of ["gcc", "valgrind"]) writeFileSync(join(folder, name), "#!/bin/sh\necho 3.19.0\n", { mode: 0o755 });
  const keyWith = async (env: NodeJS.ProcessEnv): Promise<string> => {
    const toolchain = await probeToolchain(new Processes({ PATH: `${folder}:${process.env.PATH}`, ...env }));
    return recipeKey(makeRecipe(SOURCE, toolchain, []), "3.13.5");
  };
  const plain = await keyWith({});
  assert.notEqual(await keyWith({ PKG_CONFIG_PATH: "/opt/openssl/lib/pkgconfig" }), plain);
  assert.equal(await keyWith({ PKG_CONFIG_PATH: "" }), plain);
});

test("a build is another one if a library of CPython's modules was installed since, which configure would now find", async () => {
  const folder = temporaryFolder();
  const gcc = execFileSync("sh", ["-c", "command -v gcc"], { encoding: "utf8" }).trim();
  writeFileSync(join(folder, "gcc"), `#!/bin/sh\nexec ${gcc} -isystem ${folder}/include "$@"\n`, { mode: 0o755 });
  writeFileSync(join(folder, "valgrind"), "#!/bin/sh\necho 3.19.0\n", { mode: 0o755 });
  const env = { PATH: `${folder}:${process.env.PATH}`, PKG_CONFIG_PATH: folder };
  const key = async (): Promise<string> => recipeKey(makeRecipe(SOURCE, await probeToolchain(new Processes(env)), []), "3.13.5");
  const keys = [await key(), await key()];
  writeFiles(folder, { "include/db.h": "" });
  keys.push(await key());
  writeFiles(folder, { "libb2.pc": "Name: libb2\nDescription: hashes\nVersion: 1.0\n", "include/other.h": "" });
  keys.push(await key(), await key());
  assert.deepEqual(
    keys.map((one) => keys.indexOf(one)),
    [0, 0, 2, 3, 3],
  );
});

suite("the toolchain of this machine", () => {
  test("the toolchain of this machine has a compiler, a C library, an architecture and a valgrind, all of them known", async () => {
    const toolchain = await probeToolchain(new Processes({ ...process.env, CC: undefined }));
    assert.equal(toolchain.compiler, "gcc");
    assert.match(toolchain.compilerVersion, /gcc/i);
    assert.match(toolchain.libc, /^glibc \d/);
    assert.ok(toolchain.architecture.length > 0);
    assert.match(toolchain.valgrind, /^\d+\.\d+/);
  });

  test("the toolchain of this machine is tried without the options that a .valgrindrc or VALGRIND_OPTS has", async () => {
    const folder = temporaryFolder();
    const victim = join(folder, "victim");
    writeFiles(folder, { victim: "as it was", ".valgrindrc": `--log-file=${victim}\n` });
    const before = process.cwd();
    process.chdir(folder);
    try {
      await probeToolchain(new Processes({ ...process.env, HOME: folder, VALGRIND_OPTS: `--log-file=${victim}` }));
    } finally {
      process.chdir(before);
    }
    assert.equal(readFileSync(victim, "utf8"), "as it was");
  });

  test("the toolchain of this machine has the compiler that CC names, with its arguments", async () => {
    const toolchain = await probeToolchain(new Processes({ ...process.env, CC: " gcc -m64 " }));
    assert.equal(toolchain.compiler, "gcc -m64");
  });

  test("the toolchain of this machine is refused with the compiler's name if that does not work", async () => {
    for (const compiler of ["no-such-compiler", "false"]) {
      await assert.rejects(
        probeToolchain(new Processes({ ...process.env, CC: compiler })),
        (error) => error instanceof UserError && error.message.includes(`\`${compiler}\``),
      );
    }
  });
});
