import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../src/model/user-error.ts";
import { isAlive } from "../../src/system/process-life.ts";
import { type Ended, Processes, type RunOptions } from "../../src/system/processes.ts";
import { Programs } from "../../src/system/programs.ts";
import { temporaryFolder, writeFiles } from "../support/folders.ts";

const sh = (script: string, options: RunOptions = {}, processes = new Processes(process.env)): Promise<Ended> =>
  processes.run("sh", ["-c", script], options);

/** The number that a script wrote into a file, as soon as it is there. */
async function pidIn(file: string): Promise<number> {
  while (!existsSync(file) || !readFileSync(file, "utf8").endsWith("\n")) await sleep(10);
  return Number(readFileSync(file, "utf8"));
}

/** A killed process is there until its parent, or init, asks for it. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (!isAlive(pid) || /^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) return true;
    await sleep(10);
  }
  return false;
}

suite("a program that runs", () => {
  test("a program that runs ends with its code, its output and the process id it had", async () => {
    const ended = await sh('echo out; echo err >&2; echo "$$"; exit 7');
    assert.deepEqual(
      [ended.code, ended.signal, ended.timedOut, ended.stdout, ended.stderr],
      [7, null, false, `out\n${ended.pid}\n`, "err\n"],
    );
  });

  test("a program that runs ends with the signal that killed it", async () => {
    const ended = await sh("kill -SEGV $$");
    assert.deepEqual([ended.code, ended.signal, ended.timedOut], [null, "SIGSEGV", false]);
  });

  test("a program that runs has the folder and the environment that it is given, and nothing to read", async () => {
    const cwd = temporaryFolder();
    assert.equal(
      (await sh("pwd; env; cat", { cwd, env: { ONLY: "this", PATH: "/bin:/usr/bin", GONE: undefined } })).stdout
        .match(/^ONLY=.*|^\/.*/gm)
        ?.join(),
      `${cwd},ONLY=this`,
    );
  });

  test("a program that runs keeps the end of long output only", async () => {
    const { stdout } = await sh("yes 0123456789 | head -n 20000; echo end");
    assert.ok(stdout.length <= 64 * 1024);
    assert.ok(stdout.endsWith("end\n"));
  });

  test("a program's output is passed on line by line, also if lines come in pieces", async () => {
    const lines: string[] = [];
    await sh("printf 'a\\nb'; sleep 0.1; printf 'c\\n\\nd\\n'", { onLine: (line) => lines.push(line) });
    assert.deepEqual(lines, ["a", "bc", "", "d"]);
  });

  test("a program's output is passed on completely as bytes", async () => {
    const pieces: Buffer[] = [];
    await sh("printf 'a\\0\\377'; head -c 100000 /dev/zero", { onBytes: (bytes) => pieces.push(bytes) });
    const all = Buffer.concat(pieces);
    assert.deepEqual([all.length, ...all.subarray(0, 3)], [100_003, 97, 0, 255]);
  });

  test("a program's two outputs are appended to a log", async () => {
    const logFile = join(temporaryFolder(), "output.log");
    await sh("echo one", { logFile });
    assert.equal((await sh("echo two; echo three >&2", { logFile })).stdout, "");
    assert.equal(readFileSync(logFile, "utf8"), "one\ntwo\nthree\n");
  });

  test("a program that cannot be started is an error that the user can fix", async () => {
    await assert.rejects(
      new Processes(process.env).run("no-such-program", []),
      (error) => error instanceof UserError && /no-such-program.*not found/.test(error.message),
    );
    const folder = temporaryFolder();
    writeFiles(folder, { "no-program": "text" });
    await assert.rejects(new Processes(process.env).run(join(folder, "no-program"), []), UserError);
  });

  test("a program that has to succeed gives its output, or fails with its last words", async () => {
    assert.equal(await new Processes(process.env).output("echo", ["fine"]), "fine\n");
    await assert.rejects(
      new Processes(process.env).output("sh", ["-c", "for i in 1 2 3 4 5 6; do echo line$i >&2; done; exit 3"]),
      (error) => error instanceof UserError && /exit code 3/.test(error.message) && error.hint === "line2\nline3\nline4\nline5\nline6",
    );
  });
});

suite("no process outlives", () => {
  test("no process outlives a time-out: children and their children are killed with it", async () => {
    const file = join(temporaryFolder(), "pid");
    const running = sh(`sh -c 'sleep 300 & echo $! > ${file}; wait' & wait`, { timeout: 0.5 });
    const grandchild = await pidIn(file);
    const ended = await running;
    assert.deepEqual([ended.timedOut, ended.signal], [true, "SIGKILL"]);
    assert.ok(await isGone(grandchild));
  });

  test("no process outlives a time-out by ignoring signals", async () => {
    assert.equal((await sh("trap '' TERM INT HUP; while :; do sleep 1; done", { timeout: 0.3 })).timedOut, true);
  });

  test("no process outlives the program that started it, and none that holds the output open is waited for", async () => {
    const file = join(temporaryFolder(), "pid");
    const ended = await sh(`sleep 300 & echo $! > ${file}; echo done`);
    assert.deepEqual([ended.code, ended.stdout, ended.timedOut], [0, "done\n", false]);
    assert.ok(await isGone(await pidIn(file)));
  });

  test("no process outlives the check", async () => {
    const processes = new Processes(process.env);
    const folder = temporaryFolder();
    const files = ["a", "b"].map((name) => join(folder, name));
    const running = files.map((file) => sh(`sleep 300 & echo $! > ${file}; wait`, {}, processes));
    const children = await Promise.all(files.map(pidIn));
    processes.killAll();
    for (const ended of await Promise.all(running)) assert.deepEqual([ended.signal, ended.timedOut], ["SIGKILL", false]);
    for (const child of children) assert.ok(await isGone(child));
    processes.killAll();
  });

  test("no process in another session outlives the check", async () => {
    const processes = new Processes(process.env);
    const file = join(temporaryFolder(), "pid");
    await sh(
      `setsid sh -c 'echo $$ > ${file}; exec sleep 300' & while [ ! -s ${file} ]; do :; done`,
      { env: { PATH: "/bin:/usr/bin" } },
      processes,
    );
    const stray = await pidIn(file);
    assert.ok(isAlive(stray));
    processes.killAll();
    assert.ok(await isGone(stray));
  });

  test("no process outlives a check that is stopped, and programs started then have only seconds", async () => {
    const processes = new Processes(process.env);
    const running = sh("sleep 300", {}, processes);
    processes.stop({ code: "signal", signal: "SIGINT" });
    processes.stop({ code: "time-limit", seconds: 60 });
    const first = { code: "signal", signal: "SIGINT" };
    assert.deepEqual([(await running).signal, processes.stopped, processes.stopping.aborted], ["SIGKILL", first, true]);
    assert.equal((await sh("echo still", {}, processes)).stdout, "still\n");
    assert.equal((await sh("sleep 300", { timeout: 200 }, processes)).timedOut, true);
  });

  test("no process outlives the check if it is killed", async () => {
    const file = join(temporaryFolder(), "pid");
    const script = `const { Processes } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/system/processes.ts"))});
      void new Processes(process.env).run("sh", ["-c", "echo $$ > ${file}; exec sleep 300"]);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    const child = await pidIn(file);
    parent.kill("SIGKILL");
    assert.ok(await isGone(child));
  });
});

test("no program can get privileges that we do not have", async () => {
  const { stdout } = await sh("grep NoNewPrivs /proc/self/status");
  assert.match(stdout, /\t1$/m);
});

test("the report says so if programs can get privileges, since setpriv is not installed", async () => {
  const processes = new Processes(process.env, 60, new Programs(process.env.PATH ?? "", "/nowhere/setpriv"));
  assert.deepEqual(processes.notes, [{ code: "unconfined" }]);
  assert.equal((await sh("echo started", {}, processes)).stdout, "started\n");
  assert.deepEqual(new Processes(process.env).notes, []);
});

suite("a program by its name", () => {
  const system = ["/usr/bin", "/bin"];
  const planted = "#!/bin/sh\necho planted\n";

  test("a program's name means the one that had it when the check began, not one that a test puts on PATH", async () => {
    const folder = temporaryFolder();
    const processes = new Processes(process.env, 60, new Programs([folder, ...system].join(":")));
    writeFiles(folder, { "bin.sh": planted });
    for (const name of ["printf", "cpython-memcheck-none"]) copyFileSync(join(folder, "bin.sh"), join(folder, name));
    const env = { PATH: [folder, ...system].join(":") };
    assert.equal((await processes.run("printf", ["own"], { env })).stdout, "own");
    await assert.rejects(processes.run("cpython-memcheck-none", [], { env }), UserError);
    assert.equal(processes.pathOf("cpython-memcheck-none"), undefined);
  });

  test("a program's name means one that was installed since if the check looks again", async () => {
    const folder = temporaryFolder();
    const processes = new Processes({ ...process.env, PATH: `${folder}:${process.env.PATH}` });
    writeFileSync(join(folder, "installed-since"), "#!/bin/sh\necho here\n", { mode: 0o755 });
    await assert.rejects(processes.output("installed-since", []), /not found/);
    processes.lookUpPrograms();
    assert.equal(await processes.output("installed-since", []), "here\n");
  });

  test("a program's name means the first on PATH that can be run, and none in a relative folder", () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    writeFiles(first, { "a.sh": planted, b: planted, "c.sh/x": "" });
    writeFiles(second, { "a.sh": planted, "c.sh": planted });
    writeFileSync(join(second, "b"), planted, { mode: 0o755 });
    const programs = new Programs([".", "", first, "/nowhere", second].join(":"));
    const found = ["a.sh", "b", "c.sh"].map((name) => programs.find(name, "/"));
    assert.deepEqual(found, [join(first, "a.sh"), join(second, "b"), join(second, "c.sh")]);
  });

  test("a program's name may be a path, which is called as it is given", async () => {
    const cwd = temporaryFolder();
    writeFiles(cwd, { "a.sh": '#!/bin/sh\necho "$0"\n' });
    assert.equal((await new Processes(process.env).run("./a.sh", [], { cwd })).stdout, "./a.sh\n");
  });
});

test("a stray child in another session that holds the output open is not waited for", async () => {
  const file = join(temporaryFolder(), "pid");
  const ended = await sh(`setsid sh -c 'echo $$ > ${file}; exec sleep 300' & while [ ! -s ${file} ]; do :; done; echo done`, {
    timeout: 60,
  });
  assert.deepEqual([ended.code, ended.stdout, ended.timedOut], [0, "done\n", false]);
  process.kill(await pidIn(file), "SIGKILL");
});
