// What a test file that attacks is made of.

/** A test file that attacks. */
export interface HostileTest {
  readonly name: string;
  /** Of its test, after the leak. */
  readonly lines: readonly string[];
  /** Where only one way of looking has what is attacked. */
  readonly only?: "memcheck" | "scan";
  /** Whether the others could not be run beside it. */
  readonly alone?: true;
  /** Where it does what must be found itself. */
  readonly leaksItself?: true;
}

/** The folder that the worker and memcheck, or the scan, write this process's report into. */
export const FOLDER = 'words = open(f"/proc/{os.getppid()}/cmdline").read().split(chr(0)); folder = words[words.index("--reports") + 1]';
export const OWN = `suffix = "xml" if "--memcheck-log" in words else "jsonl"; own = f"{folder}/{os.getpid()}.{suffix}"`;

/** Each pipe that its worker has open, on one of which it speaks. Its files stay as they are: one is the probe's runner. */
export const PIPES = [
  "for number in os.listdir(f'/proc/{os.getppid()}/fd'):",
  "    pipe = f'/proc/{os.getppid()}/fd/{number}'",
  "    if int(number) < 200 or os.path.isfile(pipe): continue",
];
