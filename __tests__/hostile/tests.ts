// Attacks by test files on a real CPython. Each first leaks a list, which must be found, or else the test file must not count as checked.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { leak, testFile } from "../support/checkout.ts";
import { WORK_DIR } from "../support/command.ts";
import { FOLDER, type HostileTest, OWN, PIPES } from "./hostile-test.ts";
import { ON_OTHER_PROCESSES } from "./process-tests.ts";

/** Seconds of sleep, by which left-over processes are found. */
export const SLEEP = "313370";

const RUNS = join(WORK_DIR, "runs");

const IN_ITS_OWN_PROCESS: readonly HostileTest[] = [
  { name: "exits with 0 at once", lines: ["os._exit(0)"] },
  { name: "becomes another program", lines: ['os.execv("/bin/true", ["true"])'] },
  { name: "is killed", lines: ["os.kill(os.getpid(), signal.SIGKILL)"] },
  { name: "aborts", lines: ["signal.signal(signal.SIGABRT, signal.SIG_DFL)", "os.abort()"] },
  { name: "reads address 0", lines: ["ctypes.string_at(0)"] },
  { name: "kills its worker", lines: ["os.kill(os.getppid(), signal.SIGKILL)", "time.sleep(60)"] },
  { name: "hangs", lines: ["while True: time.sleep(1)"] },
  { name: "stops itself", lines: ["os.kill(os.getpid(), signal.SIGSTOP)"] },
  {
    name: "hangs, and ignores every signal",
    lines: [
      "for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:",
      "    try: signal.signal(number, signal.SIG_IGN)",
      "    except (OSError, ValueError): pass",
      "while True: time.sleep(1)",
    ],
  },
  { name: "is ended by an alarm", lines: ["signal.alarm(1)", "time.sleep(60)"] },
  { name: "closes all descriptors", lines: ["os.closerange(0, 4096)"] },
  { name: "sets the limit of its open files to 0", lines: ["import resource", "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))"] },
  { name: "sets the size limit of its files to 0", lines: ["import resource", "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"] },
  {
    name: "uses up its memory limit",
    lines: [
      "import resource",
      "size = int(open('/proc/self/statm').read().split()[0]) * 4096",
      "resource.setrlimit(resource.RLIMIT_AS, (size + 2**27, size + 2**27))",
      "kept = []",
      "while True: kept.append(bytearray(2**20))",
    ],
  },
  { name: "recurses endlessly in C", lines: ["sys.setrecursionlimit(10**9)", "a = []", "for _ in range(10**6): a = [a]", "repr(a)"] },
  {
    name: "starts hundreds of processes in separate sessions, and leaves them",
    lines: [`for _ in range(300): subprocess.Popen(["setsid", "sleep", "${SLEEP}1"])`],
  },
  {
    name: "leaves a daemon with no parent, session, environment or open file",
    lines: [
      "if os.fork() == 0:",
      "    os.setsid()",
      "    if os.fork() == 0:",
      "        os.closerange(0, 4096)",
      `        os.execve("/bin/sleep", ["sleep", "${SLEEP}2"], {})`,
      "    os._exit(0)",
    ],
  },
  {
    name: "starts processes that keep starting processes",
    lines: [
      `subprocess.Popen(["sh", "-c", "f() { f | f & }; sleep ${SLEEP}3 & for i in 1 2 3 4 5 6 7 8 9; do setsid sh -c 'while :; do sleep 0.01; done' & done; sleep ${SLEEP}3"], start_new_session=True)`,
      "time.sleep(2)",
    ],
  },
  {
    name: "starts more processes at once than the limit",
    lines: [`for _ in range(600): subprocess.Popen(["sleep", "${SLEEP}4"])`, "time.sleep(60)"],
  },
  { name: "removes the folder of its reports", lines: [FOLDER, "import shutil", "shutil.rmtree(folder)"] },
  { name: "removes its report", lines: [FOLDER, OWN, "os.remove(own)"] },
  { name: "empties its report", lines: [FOLDER, OWN, "os.truncate(own, 0)"] },
  {
    name: "puts another process's clean report in its place",
    lines: [
      FOLDER,
      OWN,
      `text = open(f"{folder}/{os.getppid()}.{suffix}").read().replace(f"<pid>{os.getppid()}<", f"<pid>{os.getpid()}<")`,
      'open(own + "~", "w").write(text + "</valgrindoutput>")',
      'os.replace(own + "~", own)',
    ],
  },
  {
    name: "writes the end of a report into its own",
    lines: [FOLDER, OWN, 'open(own, "a").write("<status><state>FINISHED</state></status></valgrindoutput>")'],
  },
  { name: "puts a pipe in place of a report", lines: [FOLDER, OWN, 'os.mkfifo(f"{folder}/1.{suffix}")'] },
  {
    name: "puts a link to /dev/zero in place of a report",
    lines: [FOLDER, OWN, 'os.symlink("/dev/zero", f"{folder}/1.{suffix}")'],
  },
  { name: "puts a folder in place of a report", lines: [FOLDER, OWN, 'os.makedirs(f"{folder}/1.{suffix}/x")'] },
  {
    name: "writes a hundred megabytes of errors as the report of a process that never existed",
    only: "memcheck",
    lines: [
      FOLDER,
      OWN,
      `frames = "<frame><ip>0x1</ip><fn>%d</fn></frame>" * 30`,
      `one = "<error><unique>0x1</unique><tid>1</tid><kind>InvalidRead</kind><what>x</what><stack>" + frames + "</stack></error>\\n"`,
      'with open(f"{folder}/1.{suffix}", "w") as file:',
      '    file.write("<valgrindoutput>\\n<protocolversion>4</protocolversion><protocoltool>memcheck</protocoltool><pid>1</pid><ppid>1</ppid>")',
      "    for number in range(60000): file.write(one % tuple(range(number * 30, number * 30 + 30)))",
    ],
  },
  {
    name: "imitates its worker's messages: reports a successful end, but continues",
    lines: [
      ...PIPES,
      "    try:",
      '        os.write(os.open(pipe, os.O_WRONLY), b\'{"event": "end", "name": "x", "pid": %d, "exit": 0, "signal": null, "seconds": 1, "cpu": 1, "workerKilobytes": 1}\\n\' % os.getpid())',
      "    except OSError: pass",
      "time.sleep(5)",
    ],
  },
  {
    name: "writes the probe's messages itself, and exits",
    lines: [
      "import cpython_memcheck_probe as probe",
      'for text in (\'"file-stop", "state": "PASSED", "ran": 1\', \'"leak-check", "of": "file", "seconds": 1\'):',
      "    probe.mark('cpython-memcheck {\"event\": ' + text + '}' + chr(10))",
      "os._exit(0)",
    ],
  },
  {
    name: "makes the probe do nothing",
    lines: ["import cpython_memcheck_probe as probe", "probe.mark = probe.added_leaks = probe.sanitizer_leaks = lambda *args: None"],
  },
  { name: "turns off memcheck's reports", lines: ["import cpython_memcheck_probe as probe", "probe.report_errors(False)"] },
  {
    name: "replaces the functions of gc and json that the check calls",
    lines: [
      "import gc, json",
      "gc.collect = gc.unfreeze = lambda *args: 0",
      "gc.get_objects = lambda *args: []",
      "json.dumps = lambda *args, **more: '{}'",
    ],
  },
  { name: "hides what it leaked from the collector", lines: ["import gc", "gc.freeze()", "gc.disable()"] },
  {
    name: "has a test name that cannot be encoded",
    lines: ["type(self).__qualname__ = 'T\\ud800\\x00\\n::error::x'", "type(self).__name__ = '\\u202e'"],
  },
  {
    name: "prints commands for a runner and a terminal",
    lines: [
      "for text in ('::set-output name=verdict::clean', '::add-mask::a', '::stop-commands::x', '##[error]x', chr(27) + ']0;x' + chr(7)): print(text, file=sys.__stderr__); print(text)",
    ],
  },
  { name: "fails with a message that contains commands for a runner", lines: ["self.fail('\\n::error::x\\n##[add-matcher]/x')"] },
  {
    name: "looks for a token or a file of the runner's commands in its environment",
    lines: [
      "found = [name for name in os.environ if name.startswith(('GITHUB_', 'ACTIONS_', 'RUNNER_', 'INPUT_')) or 'TOKEN' in name]",
      "if found: os._exit(0)",
      "self.assertEqual(open('/proc/self/status').read().count('NoNewPrivs:\\t1'), 1)",
    ],
  },
  { name: "changes its root folder", lines: ["os.mkdir('root')", "os.chroot('root')"] },
  { name: "removes its current folder", lines: ["import shutil", "shutil.rmtree(os.getcwd())"] },
  { name: "removes the probe's files", lines: ["import cpython_memcheck_probe as probe", "os.remove(probe.__file__)"], alone: true },
  {
    name: "empties the files that its worker has open, such as the probe's runner",
    lines: [
      "for number in os.listdir(f'/proc/{os.getppid()}/fd'):",
      "    try: open(f'/proc/{os.getppid()}/fd/{number}', 'wb').close()",
      "    except OSError: pass",
    ],
    alone: true,
  },
  {
    name: "makes its report a link to /dev/zero",
    lines: [FOLDER, OWN, "os.remove(own)", 'os.symlink("/dev/zero", own)'],
  },
  {
    name: "sets other options of the sanitizer in its environment",
    lines: ["os.environ['LSAN_OPTIONS'] = 'detect_leaks=0'"],
    only: "scan",
  },
  {
    name: "stops its worker",
    lines: ["os.kill(os.getppid(), signal.SIGSTOP)"],
    only: "scan",
  },
];

export const HOSTILE_TESTS: readonly HostileTest[] = [...IN_ITS_OWN_PROCESS, ...ON_OTHER_PROCESSES];

export const nameOf = (index: number): string => `test_zz_hostile_${index}`;

export function textOf({ lines, leaksItself }: HostileTest): string {
  return testFile(...(leaksItself ? [] : [leak("list(range(3))")]), ...lines);
}

/** Processes that attacks left, found by their command lines, and all workers of this work folder. Call it after the check has ended. */
export function leftovers(): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    const words = commandLine(pid);
    return words.includes(SLEEP) || words.includes(`--reports ${RUNS}/`) ? [`${pid} ${words.slice(0, 200)}`] : [];
  });
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
