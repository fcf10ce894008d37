import assert from "node:assert/strict";
import { readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runAction } from "../../support/command.ts";
import { cpythonFolder, temporaryFolder } from "../../support/folders.ts";

/** A folder for PATH with the system's programs, but without Valgrind, which apt-get installs. */
function withoutValgrind(): string {
  const bin = temporaryFolder();
  const own = ["valgrind", "apt-get", "dpkg-query", "id"];
  for (const name of readdirSync("/usr/bin")) if (!own.includes(name)) symlinkSync(join("/usr/bin", name), join(bin, name));
  const valgrind = "#!/bin/sh\\necho valgrind-3.19.0\\n";
  const scripts = {
    id: "echo 0",
    "dpkg-query": `test -e ${bin}/valgrind && echo installed`,
    "apt-get": `printf '${valgrind}' > ${bin}/valgrind && chmod +x ${bin}/valgrind`,
  };
  for (const [name, script] of Object.entries(scripts)) writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
}

test("the action finds the programs that it has installed", async () => {
  const source = cpythonFolder({ configure: "#!/bin/sh\necho as far as this >&2\nexit 1\n", "Lib/test/test_csv.py": "" });
  const event = join(temporaryFolder(), "event.json");
  writeFileSync(event, "{}");
  const env = {
    PATH: withoutValgrind(),
    HOME: "/nowhere",
    GITHUB_WORKSPACE: source,
    RUNNER_TEMP: temporaryFolder(),
    GITHUB_EVENT_PATH: event,
  };
  const ran = await runAction({ tests: "test_csv" }, env);
  assert.match(ran.stdout, /`configure` failed[\s\S]*as far as this/);
});
