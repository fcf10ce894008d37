import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { explain } from "../../src/hosts/terminal/explain.ts";
import { explainFinding } from "../../src/report/explanation.ts";
import { PLAIN } from "../../src/report/style.ts";
import { temporaryFolder } from "../support/folders.ts";
import { report, reported } from "../support/reports.ts";

const frame = (name: string, role: "key" | "inlined" | "allocator" | "caller") =>
  ({ function: name, file: `Modules/${name}.c`, line: 3, object: null, role }) as const;

suite("an explained finding", () => {
  const stack = [frame("malloc", "allocator"), frame("Py_INCREF", "inlined"), frame("copy", "key"), frame("eval", "caller")];

  test("an explained finding shows each frame, and why those that are not in its signature are left out", () => {
    const lines = explainFinding(reported("copy", { stack }), PLAIN).split("\n");
    assert.match(lines.find((line) => line.includes("malloc")) ?? "", /^ {4}malloc .*: allocates on behalf of its caller$/);
    assert.match(lines.find((line) => line.includes("Py_INCREF")) ?? "", /inlined from a header/);
    assert.match(lines.find((line) => line.includes("copy (")) ?? "", /^ {2}\+ copy \(Modules\/copy\.c:3\)$/);
  });

  test("an explained finding shows its match in the baseline, the pass that found it, and their similarity", () => {
    const match = { pass: "similar", similarity: 0.8, signature: "0123456789abcdef", segment: ["clone", "dup"] } as const;
    const text = explainFinding(
      reported("copy", { status: "changed", match: { ...match, segment: ["clone", "dup"] }, blocksBefore: 4 }),
      PLAIN,
    );
    assert.match(
      text,
      /matched with 0123456789abcdef: similar, please verify \(80 %\)\n {2}its frames: clone < dup\n {2}1 block now, 4 in/,
    );
    assert.match(explainFinding(reported("copy"), PLAIN), /no unmatched entry of the test file's baseline/);
    for (const status of ["recorded", "unrecorded"] as const)
      assert.match(explainFinding(reported("copy", { status }), PLAIN), /there was nothing to compare with$/);
  });
});

test("findings are found in a report by the first digits of their signature, or of that of a root", async () => {
  const path = join(temporaryFolder(), "report.json");
  const root = {
    signature: "ffff000011112222",
    kind: "Leak_DefinitelyLost",
    site: { function: "r", file: null, line: null },
    blocks: 1,
    bytes: 1,
  };
  writeFileSync(path, JSON.stringify(report({ findings: [reported("f"), reported("g", { roots: [root] })] })));
  assert.match(await explain(reported("f").signature.slice(0, 6), path, PLAIN), /memory leak in f, new/);
  assert.match(await explain("ffff0000", path, PLAIN), /memory leak in g, new/);
  await assert.rejects(explain("0000", path, PLAIN), /has no finding 0000/);
  await assert.rejects(explain("xyz", path, PLAIN), /`xyz` is neither a signature nor a test file; allowed/);
  await assert.rejects(explain("0000", `${path}.not`, PLAIN), /cannot be read/);
});

test("a test file of CPython or of a project is explained by its name", async () => {
  const path = join(temporaryFolder(), "report.json");
  const causes = [{ code: "function", name: "basket.c:basket_pair" }] as const;
  const affected = ["test_csv", "tests/test_pair.py"].map((name) => ({ test: name, causes: [...causes] }));
  writeFileSync(path, JSON.stringify(report({ affected })));
  for (const name of ["test_csv", "tests/test_pair.py"]) assert.match(await explain(name, path, PLAIN), /it runs basket\.c:basket_pair/);
  for (const name of ["test_io", "tests/test_total.py", "pkg.tests.test_x"]) assert.match(await explain(name, path, PLAIN), /was left out/);
});

test("an explained test file has no control characters of the names in a report", async () => {
  const path = join(temporaryFolder(), "report.json");
  const affected = [{ test: "tests/test_x.py", causes: [{ code: "file" as const, name: "a\u001b[2J.c" }] }];
  writeFileSync(path, JSON.stringify(report({ affected })));
  assert.match(await explain("tests/test_x.py", path, PLAIN), /it depends on a\\u\{1b\}\[2J\.c, which changed/);
});
