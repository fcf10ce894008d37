import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { defaultJobs } from "../../src/engines/default-jobs.ts";
import { memoryLimit, readSystemFile } from "../../src/system/machine.ts";

const GIB = 2 ** 30;
const MEMINFO = "MemTotal:       16777216 kB\nMemFree:         1000000 kB\n";

const limitIn = (files: Readonly<Record<string, string>>): number | undefined => memoryLimit((path) => files[path]);

suite("the memory that a check may use", () => {
  test("the memory that a check may use is the machine's if no control group limits it", () => {
    assert.equal(limitIn({ "/proc/meminfo": MEMINFO }), 16 * GIB);
    assert.equal(limitIn({ "/proc/meminfo": MEMINFO, "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n" }), 16 * GIB);
    assert.equal(limitIn({}), undefined);
  });

  test("a check may use the memory that its group of version 2 allows, one above it, or one in a hybrid tree", () => {
    const files = { "/proc/meminfo": MEMINFO, "/proc/self/cgroup": "0::/system.slice/runner.service\n" };
    assert.equal(limitIn({ ...files, "/sys/fs/cgroup/system.slice/runner.service/memory.max": `${4 * GIB}\n` }), 4 * GIB);
    assert.equal(limitIn({ ...files, "/sys/fs/cgroup/system.slice/memory.high": `${3 * GIB}\n` }), 3 * GIB);
    assert.equal(limitIn({ ...files, "/sys/fs/cgroup/unified/system.slice/memory.max": `${2 * GIB}\n` }), 2 * GIB);
    assert.equal(limitIn({ ...files, "/sys/fs/cgroup/memory.max": `${GIB}\n` }), GIB);
  });

  test("a check may use the memory that its group of version 1 allows, also in a container with another root", () => {
    const files = {
      "/proc/meminfo": MEMINFO,
      "/proc/self/cgroup": "5:cpu,cpuacct:/docker/ab\n4:memory:/docker/ab\n1:name=systemd:/docker/ab\n",
    };
    assert.equal(limitIn({ ...files, "/sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes": `${4 * GIB}\n` }), 4 * GIB);
    assert.equal(limitIn({ ...files, "/sys/fs/cgroup/memory/memory.limit_in_bytes": `${2 * GIB}\n` }), 2 * GIB);
    assert.equal(limitIn({ ...files, "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n" }), 16 * GIB);
  });

  test("the memory that a check may use is known on this machine", () => assert.ok((memoryLimit(readSystemFile) ?? 0) > 0));
});

suite("the default of `jobs`", () => {
  test("the default of `jobs` is one per core if memory suffices or is unknown", () => {
    assert.deepEqual(defaultJobs(4, 16 * GIB), { jobs: 4, note: undefined });
    assert.deepEqual(defaultJobs(4, undefined), { jobs: 4, note: undefined });
    assert.deepEqual(defaultJobs(1, GIB / 2), { jobs: 1, note: undefined });
  });

  test("the default of `jobs` is less if memory is short, never less than one, and says so", () => {
    for (const [cores, memory, jobs] of [
      [16, 8 * GIB, 5],
      [4, 2 * GIB, 1],
      [4, GIB / 4, 1],
    ] as const) {
      const lowered = defaultJobs(cores, memory);
      assert.equal(lowered.jobs, jobs);
      assert.match(lowered.note ?? "", new RegExp(`${jobs} test files at once on ${cores} cores.*\`jobs\``));
    }
  });
});
