import assert from "node:assert/strict";
import { join } from "node:path";
import { suite, test } from "node:test";
import { AnswerReader, Symbols } from "../../../src/engines/scan/symbols.ts";
import { Processes } from "../../../src/system/processes.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";

const OBJECT = "/builds/tree/python";

function read(...lines: readonly string[]) {
  const reader = new AnswerReader(OBJECT);
  lines.forEach((line) => {
    reader.take(line);
  });
  return reader.answers;
}

suite("an answer of addr2line", () => {
  test("an answer of addr2line is a function with its place", () => {
    assert.deepEqual(
      read("0x000000000013b497", "list_new", "/builds/tree/Objects/listobject.c:62"),
      new Map([
        [
          0x13b497,
          [
            {
              address: "0x13B497",
              object: OBJECT,
              function: "list_new",
              directory: "/builds/tree/Objects",
              file: "listobject.c",
              line: 62,
            },
          ],
        ],
      ]),
    );
  });

  test("an answer of addr2line is several functions of one address if they are inlined", () => {
    const frames = read(
      "0x0000000000000010",
      "Py_INCREF",
      "/t/object.h:1",
      "f",
      "/t/f.c:2 (discriminator 3)",
      "0x0000000000000020",
      "g",
      "/t/g.c:3",
    );
    assert.deepEqual(
      [...frames.values()].map((list) => list.map((frame) => [frame.address, frame.function, frame.line])),
      [
        [
          ["0x10", "Py_INCREF", 1],
          ["0x10", "f", 2],
        ],
        [["0x20", "g", 3]],
      ],
    );
  });

  test("an answer of addr2line says less if less is known", () => {
    const frames = [...read("0x0000000000000010", "??", "??:0", "0x0000000000000020", "f", "??:?").values()].flat();
    assert.deepEqual(frames, [
      { address: "0x10", object: OBJECT },
      { address: "0x20", object: OBJECT, function: "f" },
    ]);
  });

  test("an answer of addr2line names an allocator as the program calls it, not as the runtime does", () => {
    for (const name of ["__interceptor_malloc", "___interceptor_malloc", "malloc"]) {
      assert.equal(read("0x0000000000000010", name, "/gcc/lsan_interceptors.cpp:75").get(16)?.[0]?.function, "malloc");
    }
  });
});

suite("symbols", () => {
  test("symbols are asked of the real addr2line, and are bare addresses if there is nothing to read", async () => {
    const symbols = new Symbols(new Processes(process.env));
    const places = [
      ["/nowhere/at/all.so", 16],
      [null, 0],
      ["/dev/null", 32],
    ] as const;
    await symbols.learn(places);
    assert.deepEqual(
      places.map((place) => symbols.framesAt(place)),
      [[{ address: "0x10", object: "/nowhere/at/all.so" }], [{ address: "0x0" }], [{ address: "0x20", object: "/dev/null" }]],
    );
  });

  test("symbols have a readable name and the linker's in C++", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "x.cpp": 'namespace ext { int answer(double) { return 42; } }\nextern "C" int plain() { return 1; }\n' });
    const processes = new Processes(process.env);
    const library = join(folder, "x.so");
    await processes.output("g++", ["-g", "-shared", "-fPIC", "-o", library, join(folder, "x.cpp")]);
    const names = ["_ZN3ext6answerEd", "plain"];
    const listing = await processes.output("nm", [library]);
    const places = names.map(
      (name) => [library, Number.parseInt(new RegExp(`^([0-9a-f]+) T ${name}$`, "m").exec(listing)?.[1] ?? "", 16)] as const,
    );
    const symbols = new Symbols(processes);
    await symbols.learn(places);
    assert.deepEqual(
      places.map((place) => symbols.framesAt(place).map((frame) => [frame.function, frame.linkerName])),
      [[["ext::answer(double)", names[0]]], [["plain", undefined]]],
    );
  });

  test("symbols are those of a library with debug information, asked for once", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { "x.c": "int\nanswer(void)\n{\n    return 42;\n}\n" });
    const processes = new Processes(process.env);
    await processes.output("cc", ["-g", "-shared", "-fPIC", "-o", join(folder, "x.so"), join(folder, "x.c")]);
    const address = /^([0-9a-f]+) T answer$/m.exec(await processes.output("nm", [join(folder, "x.so")]))?.[1];
    const place = [join(folder, "x.so"), Number.parseInt(address ?? "", 16)] as const;
    const symbols = new Symbols(processes);
    await symbols.learn([place, place]);
    const [frame] = symbols.framesAt(place);
    assert.deepEqual([frame?.function, frame?.directory, frame?.file, frame?.line], ["answer", folder, "x.c", 3]);
    writeFiles(folder, { "x.so": "something else" });
    await symbols.learn([place]);
    assert.equal(symbols.framesAt(place)[0], frame);
  });
});
