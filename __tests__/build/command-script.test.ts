import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { requireScript } from "../../src/build/command-script.ts";
import { UserError } from "../../src/model/user-error.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

suite("the script of a command", () => {
  const folder = temporaryFolder();
  writeFiles(folder, {
    "ci/check.py": "import x\n",
    "ci/check": "#!/usr/bin/env python3\nimport x\n",
    "ci/long": `#!/bin/sh\n'''exec' /very/long/python "$0" "$@"\n' '''\nimport x\n`,
    "ci/run-tests": "#!/usr/bin/env bash\npytest tests\n",
    "program/__main__.py": "",
    "elf/tool": "\x7fELF\x02",
  });
  const require = (...words: readonly string[]) => requireScript({ kind: "command", words }, folder);

  test("the script of a command may be any Python file, or a folder that Python runs", () => {
    for (const name of ["ci/check.py", "ci/check", "ci/long", "program", join(folder, "ci/check.py")])
      assert.doesNotThrow(() => require(name, "--fast"), name);
    assert.doesNotThrow(() => require("-c", "pass"));
    assert.doesNotThrow(() => requireScript({ kind: "suite", runner: "pytest", args: ["gone"] }, folder));
  });

  test("the script of a command is refused before anything is built if Python cannot run it", () => {
    const allowed = "Allowed: `pytest …`, `-m MODULE …`, `-c CODE …` or a Python script.";
    for (const [name, why] of [
      ["just", `\`command\` starts with \`just\`, which is not a file in ${folder}. ${allowed}`],
      ["ci", `\`command\` starts with \`ci\`, which is a folder without a \`__main__.py\`. ${allowed}`],
      ["ci/run-tests", `\`command\` starts with \`ci/run-tests\`, which is a shell script. ${allowed}`],
      ["elf/tool", `\`command\` starts with \`elf/tool\`, which is a program in machine code. ${allowed}`],
      ["/dev/null", `\`command\` starts with \`/dev/null\`, which is not a file in ${folder}. ${allowed}`],
    ] as const)
      assert.throws(
        () => require(name),
        (error) => error instanceof UserError && error.message === why,
        name,
      );
  });
});
