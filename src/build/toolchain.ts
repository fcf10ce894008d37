import { UserError } from "../model/user-error.ts";
import type { Processes } from "../system/processes.ts";
import { findLibraries } from "./libraries.ts";

/** What the results of a check depend on besides the source: part of every build's key and of every baseline. */
export interface Toolchain {
  /** The command, as in `CC`. */
  readonly compiler: string;
  /** The compiler's name of itself: `gcc (Debian 12.2.0-14+deb12u1) 12.2.0`. */
  readonly compilerVersion: string;
  readonly libc: string;
  /** Output of `uname -m`. */
  readonly architecture: string;
  /** `3.19.0` */
  readonly valgrind: string;
  /** PKG_CONFIG_PATH, if it is set: configure finds other libraries there. Not part of a baseline. */
  readonly pkgConfigPath?: string;
  /** The libraries of CPython's modules that configure can find. Not part of a baseline. */
  readonly libraries?: readonly string[];
}

/** Compilers write DWARF 5 by default; valgrind reads it since 3.18 (release notes). */
const MIN_VALGRIND: Release = [3, 18];

/** Major and minor number of a release: of valgrind 3.27.1, of glibc 2.43. */
export type Release = readonly [major: number, minor: number];

/** Ignores a .valgrindrc in the workspace or home folder, and VALGRIND_OPTS, which can name files to write to. */
const OWN_OPTIONS = "--command-line-only=yes";

const INSTALL_HINT = "On Debian and Ubuntu `scripts/install-dependencies` of cpython-memcheck installs all that is needed.";

/** @throws UserError that names what is missing, too old or broken. */
export async function probeToolchain(processes: Processes): Promise<Toolchain> {
  const compiler = processes.env.CC?.trim() || "gcc";
  const [{ compilerVersion, libraries }, libc, architecture, valgrind] = await Promise.all([
    probeCompiler(processes, compiler),
    processes.output("getconf", ["GNU_LIBC_VERSION"]),
    processes.output("uname", ["-m"]),
    probeValgrind(processes),
  ]);
  const { PKG_CONFIG_PATH: pkgConfigPath } = processes.env;
  return {
    compiler,
    compilerVersion,
    libc: libc.trim(),
    architecture: architecture.trim(),
    valgrind,
    ...(pkgConfigPath ? { pkgConfigPath } : {}),
    libraries,
  };
}

async function probeCompiler(
  processes: Processes,
  compiler: string,
): Promise<{ readonly compilerVersion: string; readonly libraries: readonly string[] }> {
  const [program = compiler, ...args] = compiler.split(/\s+/);
  const version = await processes.output(program, [...args, "--version"]).catch((cause: unknown) => {
    throw new UserError(`The C compiler \`${compiler}\` does not work.`, {
      hint: `Install one or name it in CC. ${INSTALL_HINT}`,
      cause,
    });
  });
  await requireHeaders(processes, program, args);
  return { compilerVersion: version.split("\n", 1)[0]?.trim() ?? "", libraries: await findLibraries([program, ...args], processes) };
}

async function requireHeaders(processes: Processes, program: string, args: readonly string[]): Promise<void> {
  const ended = await processes.run(program, [...args, "-E", "-include", "valgrind/memcheck.h", "-x", "c", "/dev/null"]);
  if (ended.code !== 0) throw new UserError("Valgrind's headers (valgrind/memcheck.h) are missing.", { hint: INSTALL_HINT });
}

async function probeValgrind(processes: Processes): Promise<string> {
  const said = await processes.output("valgrind", ["--version", OWN_OPTIONS], { cwd: "/" }).catch((cause: unknown) => {
    throw new UserError("Valgrind is missing.", { hint: INSTALL_HINT, cause });
  });
  const version = parseValgrindVersion(said);
  // A trial run detects problems that the version does not show: without libc's symbols, memcheck refuses to run any program.
  const trial = await processes.run("valgrind", [OWN_OPTIONS, "--tool=memcheck", "--quiet", "--error-exitcode=9", "true"], { cwd: "/" });
  if (trial.code !== 0) {
    throw new UserError(`Valgrind ${version} cannot run a program here.`, { hint: `${lastLines(trial.stderr)}\n${INSTALL_HINT}` });
  }
  return version;
}

/** Exported for its tests. @throws UserError when the version cannot be read or is too old. */
export function parseValgrindVersion(said: string): string {
  const [version] = /\d+\.\d+(?:\.\d+)?/.exec(said) ?? [];
  if (version === undefined) throw new UserError(`Valgrind's version cannot be read from \`${said.trim()}\`.`);
  if (!isAtLeast(version, MIN_VALGRIND)) {
    throw new UserError(`Valgrind ${version} is too old: ${MIN_VALGRIND.join(".")} or newer is needed.`);
  }
  return version;
}

/** Compares by number: `3.9.1` is older than 3.18. Reads the first two numbers of `version`; false if there are none. */
export function isAtLeast(version: string, [major, minor]: Release): boolean {
  const [, ownMajor, ownMinor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-3).join("\n");
}
