// Real extensions of each kind, each with a leak in its own functions, compiled against a CPython that was built here.

import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, run, WORK_DIR } from "./command.ts";

const SOURCES = join(ROOT, "__tests__", "real", "extensions");

export const KINDS = ["c", "cython", "pybind11", "nanobind", "rust"] as const;

export type Kind = (typeof KINDS)[number];

/** As an author would compile for this check. */
const FLAGS = ["-g", "-O2", "-fno-omit-frame-pointer", "-shared", "-fPIC"];

const SUFFIX = ".cpython-313-x86_64-linux-gnu.so";

/**
 * A folder with the modules `planted_KIND`, to be imported from there. Compiling them takes a minute of CPU time: they are kept until their sources
 * change.
 * @param tree where CPython was built.
 */
export async function buildExtensions(tree: string): Promise<string> {
  const names = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.(c|cpp|pyx|rs|toml|lock|txt)$/.test(name));
  const hash = createHash("sha256").update(`${tree} ${await hasCargo()}`);
  for (const name of names.sort()) hash.update(readFileSync(join(SOURCES, name)));
  const folder = join(WORK_DIR, "test-extensions", hash.digest("hex").slice(0, 16));
  // Debug information names the folder, so that they are compiled in place.
  const done = join(folder, "done");
  if (existsSync(done)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const python = await makeEnvironment(tree, folder);
  const headers = [`-I${tree}`, `-I${tree}/Include`];
  const packages = join(folder, "venv", "lib", "python3.13", "site-packages");
  await must("gcc", [...FLAGS, ...headers, source("c", "planted_c.c"), "-o", join(folder, `planted_c${SUFFIX}`)]);
  copyFileSync(source("cython", "planted_cython.pyx"), join(folder, "planted_cython.pyx"));
  await must(join(folder, "venv", "bin", "cython"), ["-3", join(folder, "planted_cython.pyx")]);
  await must("gcc", [...FLAGS, ...headers, join(folder, "planted_cython.c"), "-o", join(folder, `planted_cython${SUFFIX}`)]);
  await compileCpp("pybind11", folder, [...headers, `-I${packages}/pybind11/include`]);
  const nanobind = join(packages, "nanobind");
  const own = [`-I${nanobind}/include`, `-I${nanobind}/ext/robin_map/include`, "-fno-strict-aliasing", `${nanobind}/src/nb_combined.cpp`];
  await compileCpp("nanobind", folder, [...headers, ...own]);
  if (await hasCargo()) await compileRust(python, folder);
  writeFileSync(done, "");
  return folder;
}

/** A virtual environment of the build, with what the languages need. */
async function makeEnvironment(tree: string, folder: string): Promise<string> {
  const venv = join(folder, "venv");
  await must(join(tree, "python"), ["-m", "venv", venv]);
  await must(join(venv, "bin", "pip"), ["install", "--quiet", "--requirement", join(SOURCES, "requirements.txt")]);
  return join(venv, "bin", "python");
}

async function compileCpp(kind: "pybind11" | "nanobind", folder: string, args: readonly string[]): Promise<void> {
  const output = join(folder, `planted_${kind}${SUFFIX}`);
  await must("g++", ["-std=c++17", ...FLAGS, "-fvisibility=hidden", ...args, source(kind, `planted_${kind}.cpp`), "-o", output]);
}

/** Rust is tested only if it is installed: Debian's is too old for PyO3, and no package registry has Rust's installer. */
export async function hasCargo(): Promise<boolean> {
  return (await run("cargo", ["--version"]).catch(() => ({ code: 127 }))).code === 0;
}

async function compileRust(python: string, folder: string): Promise<void> {
  const crate = join(folder, "rust");
  cpSync(join(SOURCES, "rust"), crate, { recursive: true });
  await must("cargo", ["build", "--quiet", "--release", "--locked", "--manifest-path", join(crate, "Cargo.toml")], {
    PYO3_PYTHON: python,
    PYO3_BUILD_EXTENSION_MODULE: "1",
    RUSTFLAGS: "-C force-frame-pointers=yes",
  });
  copyFileSync(join(crate, "target", "release", "libplanted_rust.so"), join(folder, `planted_rust${SUFFIX}`));
}

function source(kind: Kind, name: string): string {
  return join(SOURCES, kind, name);
}

async function must(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const ran = await run(program, args, { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...env });
  if (ran.code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${ran.stderr.slice(-3000)}`);
}
