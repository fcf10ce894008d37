// The parts of a test file that attacks.

/** A test file that attacks. */
export interface HostileTest {
  readonly name: string;
  /** The lines of its test, after the leak. */
  readonly lines: readonly string[];
  /** The engine, if only one has what is attacked. */
  readonly only?: "memcheck" | "scan";
  /** Set if other attacks cannot run in the same check. */
  readonly alone?: true;
  /** Set if its lines contain the error that must be found. */
  readonly leaksItself?: true;
}

/** The folder for this process's report, which the worker and memcheck, or the scan, write. */
export const FOLDER = 'words = open(f"/proc/{os.getppid()}/cmdline").read().split(chr(0)); folder = words[words.index("--reports") + 1]';
export const OWN = `suffix = "xml" if "--memcheck-log" in words else "jsonl"; own = f"{folder}/{os.getpid()}.{suffix}"`;

/** Visits each pipe that its worker has open; one of them is the control pipe. Skips regular files: one is the probe's runner. */
export const PIPES = [
  "for number in os.listdir(f'/proc/{os.getppid()}/fd'):",
  "    pipe = f'/proc/{os.getppid()}/fd/{number}'",
  "    if int(number) < 200 or os.path.isfile(pipe): continue",
];
