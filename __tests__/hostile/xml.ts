// Attacks by a checked process that writes into memcheck's XML.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { MEMCHECK } from "../../src/engines/memcheck/memcheck-engine.ts";
import { judgeRun } from "../../src/engines/outcome.ts";
import { readReports } from "../../src/engines/reports.ts";
import { MARK, PROTOCOL_VERSION } from "../../src/probe/protocol.ts";
import { PLANTED } from "../../src/probe/provide.ts";
import { incompleteInWords } from "../../src/report/incomplete-messages.ts";
import { PROJECT } from "../support/builders.ts";
import { type Attack, type Group, inFolder } from "./attack.ts";

const LEAK = "hidden_leak";

/** Memcheck's report of a test file that leaks, in the parts that attacks change. */
interface Parts {
  readonly prolog: string;
  readonly header: string;
  readonly planted: string;
  readonly test: string;
  readonly leak: string;
  readonly end: string;
}

const frame = (name: string): string => `    <frame>\n      <ip>0x1</ip>\n      <fn>${name}</fn>\n    </frame>\n`;
const error = (kind: string, name: string, what: string): string =>
  `<error>\n  <unique>0x1</unique>\n  <tid>1</tid>\n  <kind>${kind}</kind>\n${what}  <stack>\n${frame(name)}  </stack>\n</error>\n\n`;
const leakOf = (name: string, record = 1): string =>
  error(
    "Leak_DefinitelyLost",
    name,
    `  <xwhat>\n    <text>24 bytes in 1 blocks are definitely lost in loss record ${record} of 9</text>\n    <leakedbytes>24</leakedbytes>\n    <leakedblocks>1</leakedblocks>\n  </xwhat>\n`,
  );
const message = (text: string): string => `<clientmsg>\n  <tid>1</tid>\n  <text>${text}\n  </text>\n</clientmsg>\n`;
const mark = (event: string, fields: object = {}): string => message(MARK + JSON.stringify({ event, ...fields }));
const START = mark("file-start", { protocol: PROTOCOL_VERSION });
const CHECKED = mark("leak-check", { of: "file", seconds: 0.1 });

const PARTS: Parts = {
  prolog: '<?xml version="1.0"?>\n\n<valgrindoutput>\n\n',
  header:
    "<protocolversion>4</protocolversion>\n<protocoltool>memcheck</protocoltool>\n<pid>7</pid>\n<ppid>1</ppid>\n<tool>memcheck</tool>\n",
  planted: `${START}${error("InvalidRead", PLANTED.read, "  <what>Invalid read of size 1</what>\n")}`,
  test: `${mark("test-start", { id: "t" })}${mark("test-stop", { id: "t" })}${mark("file-stop", { state: "PASSED", ran: 1 })}`,
  leak: `${leakOf(PLANTED.leaks[1])}${leakOf(LEAK, 2)}`,
  end: `${CHECKED}<status>\n  <state>FINISHED</state>\n  <time>1</time>\n</status>\n\n</valgrindoutput>\n`,
};

async function judge(content: string | Uint8Array) {
  return await inFolder(async (folder) => {
    writeFileSync(join(folder, "7.xml"), content);
    const reading = { engine: MEMCHECK, folder, pid: 7, testFile: "test_x", leakCheck: "live", project: PROJECT } as const;
    const { report, findings } = await readReports(reading);
    const ended = { code: 0, signal: null, timedOut: false };
    const { incomplete } = judgeRun(ended, report, { engine: MEMCHECK, leakCheck: "live", timeout: 60 });
    return { incomplete, isFound: findings.some((finding) => finding.site.function === LEAK) };
  });
}

const whole = (parts: Partial<Parts> = {}): string => Object.values({ ...PARTS, ...parts }).join("");

/** The leak is found, or the test file does not count as checked. */
function hides(name: string, content: string | Uint8Array | Partial<Parts>): Attack {
  const bytes = typeof content === "string" || content instanceof Uint8Array ? content : whole(content);
  return {
    name,
    must: "its leak is found, or the test file is incomplete",
    attempt: async () => {
      const { incomplete, isFound } = await judge(bytes);
      if (!isFound && incomplete === null) throw new Error("it is complete, without the leak");
      return incomplete === null ? "the leak is found" : `incomplete: ${incompleteInWords(incomplete).slice(0, 90)}`;
    },
  };
}

const bytes = Buffer.from(whole());
const withNulBytes = Buffer.concat([Buffer.alloc(bytes.length), bytes.subarray(-200)]);

const cutAnywhere: Attack = {
  name: "a report that is cut off at any of its bytes",
  must: "every one is incomplete",
  attempt: async () => {
    for (let length = 0; length < bytes.length - 1; length += 7) {
      if ((await judge(bytes.subarray(0, length))).incomplete === null) throw new Error(`complete with ${length} of ${bytes.length} bytes`);
    }
    return `${Math.ceil((bytes.length - 1) / 7)} cuts, all incomplete`;
  },
};

const unchanged: Attack = {
  name: "none: the report as memcheck writes it",
  must: "the leak is found and the test file is complete, which shows that the attacks make the difference",
  attempt: async () => {
    const { incomplete, isFound } = await judge(whole());
    if (!isFound || incomplete !== null) throw new Error(`${incomplete && incompleteInWords(incomplete)}, leak found: ${isFound}`);
    return "the leak is found";
  },
};

const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(99)}"><!ENTITY c "${"&b;".repeat(99)}">]>`;

export const XML: Group = {
  title: "XML of a checked process",
  attacks: [
    unchanged,
    hides("entities that expand a million times, before the root", { prolog: `${LAUGHS}${PARTS.prolog}` }),
    hides("entities that expand a million times, in an error", { leak: PARTS.leak.replace(LEAK, `${LAUGHS}&c;`) }),
    hides("an entity with the text of another file", {
      leak: PARTS.leak.replace(LEAK, '<!DOCTYPE x [<!ENTITY f SYSTEM "/etc/passwd">]>&f;'),
    }),
    hides("elements with a hundred thousand levels", {
      leak: `<error>${"<a>".repeat(1e5)}${"</a>".repeat(1e5)}</error>${PARTS.leak}`,
    }),
    hides("an error of 20 MB", { leak: PARTS.leak.replace(LEAK, "x".repeat(20e6)) }),
    hides("a stack of a hundred thousand frames", { leak: PARTS.leak.replaceAll(frame(LEAK), frame("f").repeat(1e5)) }),
    hides("an attribute of 20 MB", { leak: `<error x="${"x".repeat(20e6)}"></error>` }),
    hides("NUL bytes in place of the leak, as after a test has truncated the file", withNulBytes),
    hides("an empty file", ""),
    hides("the report of another process", whole({ header: PARTS.header.replaceAll("memcheck", "helgrind") })),
    hides("UTF-16", Buffer.from(whole(), "utf16le")),
    hides("bytes that are not UTF-8", Buffer.concat([bytes.subarray(0, -300), Buffer.from([0xff, 0xc0, 0x80]), bytes.subarray(-300)])),
    hides("the root closed before the leak", { leak: `</valgrindoutput>\n${PARTS.leak}` }),
    hides("the leak in a comment", { leak: PARTS.leak.replace(leakOf(LEAK, 2), `<!--${leakOf(LEAK, 2)}-->`) }),
    hides("the leak in CDATA", { leak: PARTS.leak.replace(leakOf(LEAK, 2), `<![CDATA[${leakOf(LEAK, 2)}]]>`) }),
    hides("the leak in a user's comment that does not end", {
      leak: PARTS.leak.replace(leakOf(LEAK, 2), `<usercomment>${leakOf(LEAK, 2)}`),
    }),
    hides("the leak in a message", { leak: PARTS.leak.replace(leakOf(LEAK, 2), message(leakOf(LEAK, 2))) }),
    hides("the leak in a preamble", { leak: PARTS.leak.replace(leakOf(LEAK, 2), `<preamble>${leakOf(LEAK, 2)}</preamble>`) }),
    hides("a forged end of the check before the leak", { test: `${PARTS.test}${CHECKED}` }),
    hides("a forged end of the process before the leak", { test: `${PARTS.test}<status><state>FINISHED</state></status>` }),
    hides("a second process in one file", { leak: `${PARTS.header}${PARTS.leak}` }),
    hides("a newer version of the protocol", { header: PARTS.header.replace(">4<", ">99<") }),
    hides("numbers that are too large for a double", {
      leak: PARTS.leak.replaceAll("<leakedblocks>1<", `<leakedblocks>${"9".repeat(400)}<`),
    }),
    hides("elements called `__proto__` and `constructor`", { leak: `<__proto__><constructor/></__proto__>${PARTS.leak}` }),
    hides("an error of the kind `__proto__`", { leak: PARTS.leak.replaceAll("Leak_DefinitelyLost", "__proto__") }),
    hides("a report without the planted errors", { planted: START, leak: "" }),
    hides("marks that are not JSON, or of an unknown kind", { test: message(`${MARK}{"event":`) + mark("file-stop", { state: 7 }) }),
    cutAnywhere,
  ],
};
