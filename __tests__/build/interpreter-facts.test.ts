import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { findInstalled } from "../../src/build/installed-python.ts";
import { askInterpreter, type InterpreterFacts, refuseInterpreter } from "../../src/build/interpreter-facts.ts";
import { UserError } from "../../src/model/user-error.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { FACTS } from "../support/interpreters.ts";

suite("an installed interpreter", () => {
  const processes = new Processes(process.env);
  const ask = (program: string) => askInterpreter(program, processes, { directory: "/", passEnv: [] });

  test("an installed interpreter reports its facts, as the system's python3 does", async () => {
    const facts = await ask("/usr/bin/python3");
    assert.equal(facts.implementation, "cpython");
    assert.match(facts.version, /^3\.\d+\.\d+$/);
    assert.ok(facts.build.startsWith(facts.version));
    assert.match(facts.program, /^\/usr\/bin\/python3\.\d+$/);
    assert.deepEqual(facts.headers, [`/usr/include/python3.${facts.minor}`]);
    assert.match(facts.extensionSuffix, /\.so$/);
  });

  test("an installed interpreter reports the same in a virtual environment, except for the path of the program", async () => {
    const folder = temporaryFolder();
    await processes.output("/usr/bin/python3", ["-m", "venv", "--without-pip", folder]);
    const inEnvironment = await ask(`${folder}/bin/python`);
    assert.deepEqual(inEnvironment, { ...(await ask("/usr/bin/python3")), executable: `${folder}/bin/python` });
  });

  test("an installed interpreter is the program that a name or a version manager's script starts", async () => {
    const folder = temporaryFolder();
    // Like pyenv's: the version is chosen by a file in the current folder, or by a variable.
    const script = '#!/bin/sh\nexec $(test "$PYENV_VERSION" && echo "$PYENV_VERSION" || cat .python-version) "$@"\n';
    writeFiles(folder, { "shims/run.sh": script, "project/.python-version": "/usr/bin/python3\n" });
    renameSync(join(folder, "shims/run.sh"), join(folder, "shims/python3"));
    const env = { HOME: folder, PATH: `${join(folder, "shims")}:${process.env.PATH}` };
    for (const program of ["python3", join(folder, "shims/python3")]) {
      const { executable } = await askInterpreter(program, new Processes(env), { directory: join(folder, "project"), passEnv: [] });
      assert.equal(executable, "/usr/bin/python3");
    }
    const { executable } = await askInterpreter("python3", new Processes({ ...env, PYENV_VERSION: "/usr/bin/python3" }), {
      directory: folder,
      passEnv: [],
    });
    assert.equal(executable, "/usr/bin/python3");
  });

  test("an installed interpreter gets the folder of its library if `pass-env` names that, and a refusal says so", async () => {
    const folder = temporaryFolder();
    // Like setup-python's, on a runner whose tool cache is in another folder than the one it was built for.
    const script = `#!/bin/sh
test "$LD_LIBRARY_PATH" && exec /usr/bin/python3 "$@"
echo "$0: error while loading shared libraries: libpython3.14.so.1.0: cannot open shared object file" >&2
exit 127
`;
    writeFiles(folder, { "python.sh": script });
    const needy = new Processes({ PATH: process.env.PATH, LD_LIBRARY_PATH: folder });
    const askWith = (passEnv: readonly string[]) => askInterpreter(join(folder, "python.sh"), needy, { directory: "/", passEnv });
    assert.equal((await askWith(["LD_LIBRARY_PATH"])).implementation, "cpython");
    await assert.rejects(askWith([]), (error) => error instanceof UserError && /libpython3.14[\s\S]*`pass-env`/.test(error.hint ?? ""));
  });

  test("an installed interpreter is refused by path if it does not exist, or is not a Python", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "fails.sh": "#!/bin/sh\necho not today >&2\nexit 1\n" });
    for (const [path, why] of [
      [`${folder}/python`, /cannot be started/],
      [`${folder}/fails.sh`, /does not answer like a CPython/],
      ["true", /does not answer/],
      ["python3.999", /`python` is python3\.999, which is not in PATH/],
    ] as const) {
      await assert.rejects(ask(path), (error) => error instanceof UserError && why.test(error.message));
    }
  });

  test("an installed interpreter is found as python3 or python in PATH, also if it cannot be checked", async () => {
    const folder = temporaryFolder();
    const answer = (facts: Partial<InterpreterFacts>) => `#!/bin/sh\necho '${JSON.stringify({ ...FACTS, ...facts })}'\n`;
    const found = async (name: string, text: string) => {
      const bin = join(folder, name);
      writeFiles(bin, { "run.sh": text });
      renameSync(join(bin, "run.sh"), join(bin, name));
      return await findInstalled(new Processes({ HOME: folder, PATH: bin }), folder);
    };
    assert.deepEqual(await found("python", answer({ version: "3.13.5", minor: 13 })), {
      kind: "too-old",
      name: "python",
      version: "3.13.5",
    });
    assert.deepEqual(await found("python3", answer({ implementation: "pypy", minor: 11 })), {
      kind: "unsuitable",
      name: "python3",
      reason: "it is pypy, not CPython",
    });
    writeFiles(folder, { "include/internal/pycore_interp.h": "" });
    assert.deepEqual(await found("python3", answer({ headers: [join(folder, "include")] })), {
      kind: "usable",
      program: join(folder, "python3", "python3"),
    });
    assert.deepEqual(await found("other", answer({})), { kind: "missing" });
  });

  test("an installed interpreter is accepted from 3.14 on, with and without the GIL, but not with options that hide objects", () => {
    assert.equal(refuseInterpreter(FACTS), undefined);
    assert.equal(refuseInterpreter({ ...FACTS, version: "3.16.0", minor: 16 }), undefined);
    assert.equal(refuseInterpreter({ ...FACTS, freeThreaded: true }), undefined);
    assert.match(refuseInterpreter({ ...FACTS, version: "3.13.5", minor: 13 }) ?? "", /free lists.*`python-version`/);
    assert.match(refuseInterpreter({ ...FACTS, implementation: "pypy" }) ?? "", /pypy/);
    for (const [fact, why] of [
      ["traceRefs", /--with-trace-refs/],
      ["jit", /JIT/],
      ["sanitized", /sanitizer/],
    ] as const)
      assert.match(refuseInterpreter({ ...FACTS, [fact]: true }) ?? "", why);
  });
});
