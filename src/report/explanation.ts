import { printable } from "./escape.ts";
import { count, kindInWords, placeInWords } from "./format.ts";
import type { ReportedFinding } from "./reported-finding.ts";
import type { Style } from "./style.ts";

type Frame = ReportedFinding["stack"][number];

/** Why a frame is not in the signature. */
const ROLES: Readonly<Record<Exclude<NonNullable<Frame["role"]>, "key">, string>> = {
  inlined: "inlined from a header, which depends on the compiler",
  allocator: "allocates on behalf of its caller",
  library: "part of a language's library, which is on everyone's stacks",
  call: "only forwards the call",
  repeated: "occurs further in already",
  caller: "called the Python code that made this call, which depends on the test",
  beyond: "beyond the length of a signature",
};

/** How a finding was matched with the baseline. */
export const PASSES: Readonly<Record<NonNullable<ReportedFinding["match"]>["pass"], string>> = {
  exact: "the same signature",
  renamed: "the same except for functions that only one of the two builds has",
  moved: "the same except for moved files",
  similar: "similar, please verify",
};

/** How a finding got its signature and its status: each frame, which frames were left out and why, and its match in the baseline. */
export function explainFinding(finding: ReportedFinding, style: Style): string {
  return [
    style.bold(printable(`${finding.signature}: ${kindInWords(finding.kind)} in ${finding.site.function}, ${finding.status}`)),
    `  ${finding.engine}, ${printable(finding.test.id ?? finding.test.file)}`,
    "",
    style.bold("Frames, innermost first; + is part of the signature"),
    ...finding.stack.map((frame) => frameLine(frame, style)),
    "",
    style.bold("Compared with the baseline"),
    ...matchLines(finding),
  ].join("\n");
}

function frameLine(frame: Frame, style: Style): string {
  const where = frame.file === null ? (frame.object ?? "?") : placeInWords(frame);
  const head = `${frame.role === "key" ? "+" : " "} ${printable(`${frame.function} (${where})`)}`;
  return frame.role === "key" || frame.role === null ? `  ${head}` : style.dim(`  ${head}: ${ROLES[frame.role]}`);
}

function matchLines({ match, status, blocks, blocksBefore, acceptance }: ReportedFinding): string[] {
  const accepted = acceptance === null ? [] : [printable(`  accepted until ${acceptance.expires}: ${acceptance.reason}`)];
  if (match === null)
    return [`  ${WITHOUT_MATCH[status] ?? "no unmatched entry of the test file's baseline is similar enough"}`, ...accepted];
  const amount = blocks === 0 ? [] : [`  ${count(blocks, "block")} now, ${(blocksBefore ?? 0).toLocaleString("en-US")} in the baseline`];
  const score = match.pass === "similar" ? ` (${Math.round(match.similarity * 100)} %)` : "";
  return [
    `  matched with ${match.signature}: ${PASSES[match.pass]}${score}`,
    printable(`  its frames: ${match.segment.join(" < ")}`),
    ...amount,
    ...accepted,
  ];
}

const WITHOUT_MATCH: Partial<Readonly<Record<ReportedFinding["status"], string>>> = {
  fixed: "the baseline has it, and its test file ran to its end without it",
  known: "recorded by this check",
  recorded: "recorded by this check: there was nothing to compare with",
  unrecorded: "there was nothing to compare with",
};
