// Attacks by test files on other processes: the reports of their children, and the check itself.

import { FOLDER, type HostileTest, OWN, PIPES } from "./hostile-test.ts";

/** A test file with a child that reads freed memory, runs these lines on the `text` of its report, and is killed. */
function childThat(name: string, ...lines: readonly string[]): HostileTest {
  return {
    name: `has a child that reads freed memory${name}, and is killed`,
    only: "memcheck",
    leaksItself: true,
    lines: [
      FOLDER,
      OWN,
      "api = ctypes.pythonapi; api.PyMem_RawMalloc.restype = ctypes.c_void_p; api.PyMem_RawFree.argtypes = [ctypes.c_void_p]",
      "child = os.fork()",
      "if child == 0:",
      "    block = api.PyMem_RawMalloc(16); api.PyMem_RawFree(block); ctypes.string_at(block, 1)",
      '    own = f"{folder}/{os.getpid()}.{suffix}"; text = open(own).read()',
      ...lines.map((line) => `    ${line}`),
      "    os.kill(os.getpid(), signal.SIGKILL)",
      "os.waitpid(child, 0)",
    ],
  };
}

/** The process id of the check. */
const CHECK = "check = int(open(f'/proc/{os.getppid()}/stat').read().rpartition(')')[2].split()[1])";

export const ON_OTHER_PROCESSES: readonly HostileTest[] = [
  childThat(""),
  childThat(", empties its report", "os.truncate(own, 0)"),
  childThat(", cuts its report off in the error", "os.truncate(own, text.index('</error>') - 20)"),
  childThat(", takes an end tag out of its report", "open(own, 'w').write(text.replace('</fn>', '', 1))"),
  {
    name: "sends its worker the check's process id as its own, and hangs",
    lines: [
      CHECK,
      "name = __name__.rpartition('.')[2]",
      ...PIPES,
      "    try:",
      '        os.write(os.open(pipe, os.O_WRONLY), b\'{"event": "start", "name": "%s", "pid": %d}\\n\' % (name.encode(), check))',
      "    except OSError: pass",
      "while True: time.sleep(1)",
    ],
  },
  {
    name: "opens the check's inspector, and makes the check exit with 0",
    lines: [
      CHECK,
      "import json, socket, urllib.request",
      "os.kill(check, signal.SIGUSR1); time.sleep(2)",
      "try: pages = json.load(urllib.request.urlopen('http://127.0.0.1:9229/json', timeout=5))",
      "except OSError: return",
      "path = pages[0]['webSocketDebuggerUrl'].partition('9229')[2]",
      "head = 'Host: localhost\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Version: 13\\r\\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\\r\\n\\r\\n'",
      "port = socket.create_connection(('127.0.0.1', 9229), 5); port.sendall(f'GET {path} HTTP/1.1\\r\\n{head}'.encode()); port.recv(999)",
      "text = json.dumps({'id': 1, 'method': 'Runtime.evaluate', 'params': {'expression': 'setTimeout(() => process.reallyExit(0), 500)'}}).encode()",
      "port.sendall(bytes([0x81, 0x80 | len(text)]) + bytes(4) + text); port.recv(999); port.close(); time.sleep(2)",
    ],
  },
];
