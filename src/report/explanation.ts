import { kindInWords } from "./describe.ts";
import { printable } from "./escape.ts";
import { placeInWords } from "./format.ts";
import type { ReportedFinding } from "./reported-finding.ts";
import type { Style } from "./style.ts";

type Frame = ReportedFinding["stack"][number];

/** Why a frame is not in the signature. */
const ROLES: Readonly<Record<Exclude<NonNullable<Frame["role"]>, "key">, string>> = {
  inlined: "inlined from a header: the compiler's choice",
  allocator: "allocates on behalf of its caller",
  library: "of a language's library: stands on everyone's stacks",
  call: "only passes the call on",
  repeated: "stands further in already",
  caller: "called the Python code that called this: changes with the tests",
  beyond: "further out than a signature looks",
};

/** How a finding is like what the baseline has. */
export const PASSES: Readonly<Record<NonNullable<ReportedFinding["match"]>["pass"], string>> = {
  exact: "the same signature",
  renamed: "the same but for functions that only one of the two builds has",
  moved: "the same but for files that moved",
  similar: "looks like it: please verify",
};

/** How a finding came to its signature and its status: each frame, what was left out and why, and what it was taken for. */
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
  if (match === null) return [`  ${WITHOUT_MATCH[status] ?? "nothing of the test file's baseline was left to take it for"}`, ...accepted];
  const amount = blocks === 0 ? [] : [`  ${blocks} blocks now, ${blocksBefore ?? 0} in the baseline`];
  const score = match.pass === "similar" ? ` (${Math.round(match.similarity * 100)} %)` : "";
  return [
    `  taken for ${match.signature}: ${PASSES[match.pass]}${score}`,
    printable(`  its frames: ${match.segment.join(" < ")}`),
    ...amount,
    ...accepted,
  ];
}

const WITHOUT_MATCH: Partial<Readonly<Record<ReportedFinding["status"], string>>> = {
  fixed: "the baseline has it, and its test file ran to its end without it",
  known: "recorded by this check",
  unrecorded: "there was nothing to compare with",
};
