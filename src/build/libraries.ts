import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Processes } from "../system/processes.ts";
import { buildEnvironment } from "./recipe.ts";

/** Headers of the libraries that CPython's modules use if configure finds them (configure.ac). */
const HEADERS = [
  ...[
    "blake2.h",
    "bluetooth/bluetooth.h",
    "bzlib.h",
    "crypt.h",
    "db.h",
    "editline/readline.h",
    "expat.h",
    "ffi.h",
    "gdbm.h",
    "gdbm-ndbm.h",
  ],
  ...[
    "gdbm/ndbm.h",
    "lzma.h",
    "mpdecimal.h",
    "ncurses.h",
    "ncursesw/curses.h",
    "ndbm.h",
    "openssl/ssl.h",
    "panel.h",
    "readline/readline.h",
  ],
  ...["rpc/rpc.h", "sqlite3.h", "sys/sdt.h", "tk.h", "uuid.h", "uuid/uuid.h", "X11/Xlib.h", "zlib.h", "zstd.h"],
] as const;

/** The same libraries, as pkg-config names them. */
const PACKAGES =
  /^(bzip2|expat|libb2|libedit|libffi|liblzma|libmpdec|libnsl|libtirpc|libzstd|ncursesw?|openssl|panelw?|readline|sqlite3|tcl|tk|uuid|x11|zlib) /;

/**
 * Which of these libraries configure can find. A build without a module must not be continued after its library was installed, nor the other way
 * round. Their versions do not count.
 * @param compiler the words of the command.
 */
export async function findLibraries(compiler: readonly [string, ...string[]], processes: Processes): Promise<readonly string[]> {
  const [headers, packages] = await Promise.all([findHeaders(compiler, processes), findPackages(processes)]);
  return [...headers, ...packages].toSorted();
}

/** None if the compiler is so old that it lacks `__has_include`. */
async function findHeaders([program, ...args]: readonly [string, ...string[]], processes: Processes): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "cpython-memcheck-libraries-"));
  try {
    const question = join(folder, "headers.c");
    await writeFile(question, HEADERS.map((name) => `#if __has_include(<${name}>)\n"${name}"\n#endif\n`).join(""));
    const { stdout } = await processes.run(program, [...args, "-E", "-P", question], { env: buildEnvironment(processes.env) });
    return HEADERS.filter((name) => stdout.includes(`"${name}"`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findPackages(processes: Processes): Promise<readonly string[]> {
  // configure also works without it.
  if (processes.pathOf("pkg-config") === undefined) return [];
  const lines: string[] = [];
  await processes.run("pkg-config", ["--list-all"], { env: buildEnvironment(processes.env), onLine: (line) => lines.push(line) });
  return lines.flatMap((line) => PACKAGES.exec(line)?.[1] ?? []);
}
