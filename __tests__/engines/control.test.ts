import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { suite, test } from "node:test";
import { ControlPipe, logName, orderLine } from "../../src/engines/control.ts";
import { PROTOCOL_VERSION } from "../../src/probe/protocol.ts";

const READY = { event: "ready", protocol: PROTOCOL_VERSION, pid: 77, workerKilobytes: 1, files: [] };
const pipeOf = (text: string): ControlPipe => new ControlPipe(Readable.from([text]));

suite("the control pipe", () => {
  test("messages of the control pipe are read in order, whatever pieces they come in", async () => {
    const text = `${JSON.stringify(READY)}\n{"event":"start","name":"test_x","pid":78}\n`;
    const pipe = new ControlPipe(Readable.from([...text]));
    assert.deepEqual(await pipe.next(5), READY);
    assert.deepEqual(await pipe.next(5), { event: "start", name: "test_x", pid: 78 });
    assert.equal(await pipe.next(5), undefined);
  });

  test("fields of the control pipe's messages that are not known yet are left out", async () => {
    assert.deepEqual(await pipeOf(`${JSON.stringify({ ...READY, colour: "blue" })}\n`).next(5), READY);
  });

  test("a worker of a suite names its test files, and others need not", async () => {
    const files = [{ name: "tests/test_x.py", tests: 3 }];
    assert.deepEqual(await pipeOf(`${JSON.stringify({ ...READY, files })}\n`).next(5), { ...READY, files });
    assert.deepEqual(await pipeOf(`${JSON.stringify({ ...READY, files: undefined })}\n`).next(5), READY);
  });

  test("an order contains only strings and constants", () => {
    const order = JSON.parse(orderLine({ name: "test_x", leaveOut: ["test.test_x.A.test_a", "test.test_x.A.test_b"] }));
    assert.deepEqual(order, {
      name: "test_x",
      references: false,
      leaveOut: "test.test_x.A.test_a\ntest.test_x.A.test_b",
      log: "test_x.log",
    });
    assert.equal(JSON.parse(orderLine({ name: "test_x" })).leaveOut, "");
  });

  test("each test file has a separate log in the folder of logs", () => {
    assert.equal(logName("test_x"), "test_x.log");
    const names = ["tests/test_x.py", "tests_test_x.py", "../../tests/test_x.py", `${"t/".repeat(200)}x.py`].map(logName);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^[\w.-]{1,130}$/);
  });

  for (const [what, text] of [
    ["that is not JSON", "Python 3.13.5\n"],
    ["that is empty", "\n"],
    ["of another event", '{"event":"finish"}\n'],
    ["that lacks a field", `${JSON.stringify({ ...READY, pid: undefined })}\n`],
    ["of another version of the protocol", `${JSON.stringify({ ...READY, protocol: PROTOCOL_VERSION + 1 })}\n`],
    ["that is cut off", '{"event":"ready"'],
    ["with bytes that are not UTF-8", Buffer.from([0xff, 0xfe, 0x0a]).toString("latin1")],
  ] as const) {
    test(`the control pipe ignores a message ${what}`, async () => {
      assert.equal(await pipeOf(text).next(5), undefined);
    });
  }

  test("a control message counts only with a number that a single process can have", async () => {
    for (const pid of [0, 1, -1, -5, 2.5, 1e300, 2 ** 22 + 1, "7", null]) {
      const message = JSON.stringify({ event: "start", name: "test_x", pid });
      assert.equal(await pipeOf(`${message}\n`).next(5), undefined, message);
    }
  });

  test("a message without an end is given up before it fills the memory", async () => {
    let pieces = 0;
    const endless = new Readable({
      read() {
        pieces++;
        this.push("x".repeat(1024 * 1024));
      },
    });
    assert.equal(await new ControlPipe(endless).next(60), undefined);
    assert.ok(pieces < 20, `${pieces}`);
  });

  test("a control pipe that is destroyed has no more messages", async () => {
    const stream = new PassThrough();
    const message = new ControlPipe(stream).next(5);
    stream.destroy();
    assert.equal(await message, undefined);
  });

  test("waiting for a silent control pipe ends after the time limit", async () => {
    const stream = new PassThrough();
    assert.equal(await new ControlPipe(stream).next(0.05), undefined);
    stream.destroy();
  });
});
