import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { installEnvironment } from "../../src/build/build-variables.ts";
import { inEnvironment } from "../../src/build/install-environment.ts";
import { MAX_BUILDS } from "../../src/build/old-builds.ts";
import { commandEnvironment } from "../../src/build/recipe.ts";
import { UserError } from "../../src/model/user-error.ts";
import { tryAcquireLock } from "../../src/system/lock.ts";
import { Processes } from "../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";
import { PREPARED } from "../support/prepared.ts";
import { QuietProgress } from "../support/progress.ts";

const GIL = { freeThreaded: false };

/** Stands in for an interpreter: `-m venv` copies it, `-m pip` writes its environment and folder. */
const PYTHON = `#!/bin/sh
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi
env > "$HOME/environment"
pwd > "$HOME/folder"
[ "$PKG_CONFIG_PATH" != /fails ]
`;

/** Variables that a build needs, as users set them. */
const BUILD = {
  CC: "clang",
  CXX: "clang++",
  CFLAGS: "-O0 -DUSER",
  LDFLAGS: "-L/opt/x/lib",
  CMAKE_PREFIX_PATH: "/opt/x",
  CMAKE_ARGS: "-DWITH_X=ON",
  PKG_CONFIG_PATH: "/opt/x/lib/pkgconfig",
  LD_LIBRARY_PATH: "/opt/x/lib",
  RUSTFLAGS: "-C opt-level=1",
  SETUPTOOLS_SCM_PRETEND_VERSION: "1.2",
  SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_EXT: "1.3",
  SSL_CERT_FILE: "/etc/own.pem",
} as const;

/** They may contain a password, lead pip elsewhere, or hide our flags. */
const KEPT_BACK = {
  PIP_INDEX_URL: "https://me:secret@example.org",
  PIP_EXTRA_INDEX_URL: "https://me:secret@example.org",
  PIP_FIND_LINKS: "https://me:secret@example.org",
  UV_INDEX_URL: "https://me:secret@example.org",
  HTTPS_PROXY: "http://me:secret@proxy",
  https_proxy: "http://me:secret@proxy",
  CARGO_REGISTRY_TOKEN: "secret",
  CARGO_REGISTRIES_MINE_TOKEN: "secret",
  HATCH_INDEX_AUTH: "secret",
  SCCACHE_REDIS: "redis://:secret@example.org",
  AWS_SECRET_ACCESS_KEY: "secret",
  GITHUB_TOKEN: "secret",
  CMAKE_TOKEN: "secret",
  MY_CC: "secret",
  PIP_TARGET: "/elsewhere",
  PIP_USER: "1",
  PYTHONPATH: "/packages",
  LD_PRELOAD: "/x.so",
  CARGO_ENCODED_RUSTFLAGS: "-Cstrip=symbols",
} as const;

function hasSetuptools(): boolean {
  const asks = "import setuptools; print(setuptools.__version__)";
  const [major = 0, minor = 0] = spawnSync("python3", ["-c", asks], { encoding: "utf8" }).stdout.split(".").map(Number);
  return major > 65 || (major === 65 && minor >= 4);
}

suite("the environment of an installation", () => {
  const folder = temporaryFolder();
  writeFiles(folder, { "python.sh": PYTHON, "project/setup.py": "" });

  async function install(
    env: Readonly<Record<string, string>>,
    passEnv: readonly string[] = [],
    project = "project",
  ): Promise<ReadonlyMap<string, string>> {
    const path = join(folder, "python.sh");
    const prepared = { ...PREPARED, python: { ...PREPARED.python, path, objects: [path] } };
    const directory = join(folder, project);
    const wish = { packages: ["."], directory, workspace: directory, passEnv, workDir: join(folder, "work"), separatesFunctions: false };
    const processes = new Processes({ PATH: process.env.PATH, HOME: folder, ...env });
    await using made = await inEnvironment(prepared, wish, { progress: new QuietProgress(), processes });
    assert.match(made.python.path, /\/environments\/\w+\/venv\/bin\/python$/);
    assert.equal(readFileSync(join(folder, "folder"), "utf8").trim(), directory);
    const lines = readFileSync(join(folder, "environment"), "utf8").split("\n");
    return new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
  }

  test("the environment of an installation has the user's compilers, flags and paths, with flags behind ours", async () => {
    const env = await install(BUILD);
    const { CFLAGS, RUSTFLAGS, ...same } = BUILD;
    for (const [name, value] of Object.entries(same)) assert.equal(env.get(name), value, name);
    assert.equal(env.get("CFLAGS"), `-g -fno-omit-frame-pointer ${CFLAGS}`);
    assert.equal(env.get("RUSTFLAGS"), `-C force-frame-pointers=yes ${RUSTFLAGS}`);
    assert.equal(env.get("CXXFLAGS"), "-g -fno-omit-frame-pointer");
  });

  test("the environment of an installation names the new virtual environment, not one that the user has activated", async () => {
    const env = await install({ VIRTUAL_ENV: "/home/me/.venv" });
    assert.match(env.get("VIRTUAL_ENV") ?? "", /\/environments\/\w+\/venv$/);
  });

  test("the environment of an installation has what may contain a password only if `pass-env` names it", async () => {
    const env = await install({ ...KEPT_BACK, LD_PRELOAD: "" }, ["PIP_INDEX_URL"]);
    assert.deepEqual(
      Object.keys(KEPT_BACK).filter((name) => env.has(name)),
      ["PIP_INDEX_URL"],
    );
    assert.equal(env.get("PIP_INDEX_URL"), KEPT_BACK.PIP_INDEX_URL);
  });

  test("the environment of an installation keeps everything else back, and a command gets none of its variables", () => {
    const own = { ...BUILD, ...KEPT_BACK };
    const got = installEnvironment(own, [], GIL);
    assert.deepEqual(
      Object.keys(KEPT_BACK).filter((name) => name in got),
      [],
    );
    const ofCommand = commandEnvironment(own, [], GIL);
    assert.deepEqual(
      Object.keys(BUILD).filter((name) => name in ofCommand),
      [],
    );
  });

  const skip = hasSetuptools() ? false : "python3 has no setuptools that reads DIST_EXTRA_CONFIG";
  test("an extension is compiled anew, although setuptools left it in the project's folder, and nothing more is left there", {
    skip,
  }, async () => {
    const [home, project] = [join(folder, "home"), join(folder, "compiled")];
    const build = "python3 setup.py -q build && find . -name '*.so' > \"$HOME/objects\"";
    writeFiles(home, {
      "python.sh": `#!/bin/sh\nif [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi\n${build}\n`,
    });
    writeFiles(project, {
      "setup.py": "from setuptools import setup, Extension\nsetup(name='x', version='1', ext_modules=[Extension('x', ['x.c'])])\n",
      "x.c": "int x;\n",
    });
    const env = { PATH: process.env.PATH, HOME: home };
    execFileSync("sh", ["-c", build], { cwd: project, env });
    const [ours, ...others] = readFileSync(join(home, "objects"), "utf8").trim().split("\n");
    assert.deepEqual([ours?.startsWith("./build/lib"), others], [true, []]);
    const path = join(home, "python.sh");
    const prepared = { ...PREPARED, python: { ...PREPARED.python, path, objects: [path] } };
    const place = { directory: project, workspace: project, workDir: join(home, "work") };
    const wish = { ...place, packages: [".[test]"], passEnv: [], separatesFunctions: false };
    await using _made = await inEnvironment(prepared, wish, { progress: new QuietProgress(), processes: new Processes(env) });
    assert.equal(readFileSync(join(home, "objects"), "utf8").trim().split("\n").length, 2);
    assert.deepEqual(
      readdirSync(project).filter((name) => name.startsWith(".")),
      [],
    );
  });

  test("two interpreters' environments do not compile in one folder of a project at the same time", async () => {
    const [home, directory] = [join(folder, "twice"), join(folder, "project")];
    const pip = 'mkdir "$HOME/busy" && sleep 0.3 && rmdir "$HOME/busy"';
    writeFiles(home, {
      "python.sh": `#!/bin/sh\nif [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi\n${pip}\n`,
    });
    const path = join(home, "python.sh");
    const wish = { packages: ["."], directory, workspace: directory, passEnv: [], workDir: join(home, "work"), separatesFunctions: false };
    const tools = { progress: new QuietProgress(), processes: new Processes({ PATH: process.env.PATH, HOME: home }) };
    const made = ["/one", "/other"].map(async (tree) => {
      const prepared = { ...PREPARED, python: { ...PREPARED.python, path, tree, objects: [path] } };
      await using one = await inEnvironment(prepared, wish, tools);
      return one.python.path;
    });
    assert.equal(new Set(await Promise.all(made)).size, 2);
  });

  test("the environments of other projects are removed, but for the last ones and those in use", async () => {
    const environments = join(folder, "work", "environments");
    rmSync(environments, { recursive: true, force: true });
    writeFiles(environments, { "used/install.log": "" });
    utimesSync(join(environments, "used"), 1, 1);
    await using lock = await tryAcquireLock(join(environments, "used.lock"));
    assert.ok(lock);
    for (const project of ["a", "b", "c", "d", "e"]) {
      writeFiles(folder, { [`${project}/setup.py`]: "" });
      await install({}, [], project);
    }
    const left = readdirSync(environments);
    assert.deepEqual([left.length, left.includes("used"), left.includes("used.lock")], [MAX_BUILDS + 2, true, true]);
  });

  test("an installation that fails is refused with the last lines of its log", async () => {
    const why = await install({ PKG_CONFIG_PATH: "/fails" }).catch((error: unknown) => error);
    assert.ok(why instanceof UserError);
    assert.match(why.message, /^`install` failed: -m pip install .* \.\.$/);
  });
});
