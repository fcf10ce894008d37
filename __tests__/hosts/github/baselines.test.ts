import assert from "node:assert/strict";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import type { BaselineLookup } from "../../../src/findings/baseline-store.ts";
import { recordingScope } from "../../../src/findings/history.ts";
import { encodeBaseline } from "../../../src/hosts/common/baseline-file.ts";
import { BASELINE_ENTRY } from "../../../src/hosts/github/archive.ts";
import { openBaselines } from "../../../src/hosts/github/baselines.ts";
import { countFor, readOwnCheckout } from "../../../src/hosts/github/checkout.ts";
import { readEvent } from "../../../src/hosts/github/event.ts";
import { isEnterpriseServer, withholdTokens } from "../../../src/hosts/github/runner-tokens.ts";
import { parseSettings } from "../../../src/settings/settings.ts";
import { Processes } from "../../../src/system/processes.ts";
import { baseline, entry } from "../../support/builders.ts";
import { temporaryFolder, writeFiles } from "../../support/folders.ts";
import { FakeGitHub } from "../../support/github/fake-github.ts";
import { standInPython } from "../../support/interpreters.ts";
import { zip } from "../../support/zip.ts";

const github = await FakeGitHub.start();
after(() => github.server.close());

const REPOSITORY = { default_branch: "main" };

/** Commits as git writes them: the last one of a pull request, and another one. */
const HEAD = "ad".repeat(20);
const OTHER = "0e".repeat(20);

/** What a step before has checked out: a commit of a repository, into a folder of the workspace. */
interface CheckedOut {
  readonly commit: string;
  readonly repository?: string;
  readonly path?: string;
}

function checkOut(directory: string, { commit, repository = "O/R", path = "" }: CheckedOut): void {
  const folder = join(directory, path);
  writeFiles(folder, {
    ".git/HEAD": `${commit}\n`,
    ".git/config": `[remote "origin"]\n\turl = https://github.com/${repository}\n`,
    ".git/objects/info/packs": "",
    ".git/refs/heads/none": "",
    "Include/patchlevel.h": '#define PY_VERSION "3.13.5"',
    configure: "",
  });
}

/** The baselines of a job, as the action opens them. */
async function open(
  event: string,
  env: Record<string, string>,
  payload: unknown,
  inputs: Record<string, string> = {},
  ...checkouts: readonly CheckedOut[]
) {
  const directory = temporaryFolder();
  writeFiles(directory, {
    "event.json": JSON.stringify(payload),
    "Include/patchlevel.h": '#define PY_VERSION "3.13.5"',
    configure: "",
  });
  for (const checkout of checkouts) checkOut(directory, checkout);
  const all: NodeJS.ProcessEnv = {
    ...github.environment(90),
    INPUT_TOKEN: github.rest.token,
    GITHUB_EVENT_NAME: event,
    GITHUB_EVENT_PATH: join(directory, "event.json"),
    ...env,
  };
  const source = { kind: "checkout", path: directory } as const;
  const workDir = join(directory, "work");
  const settings = parseSettings(inputs, { directory, home: directory, cores: 2, workDir, source, hasBranches: true });
  const rights = withholdTokens(all);
  const processes = new Processes(process.env);
  const checkout = await readOwnCheckout(settings, all, processes);
  const counted = countFor(await readEvent(all), checkout, all);
  return {
    ...(await openBaselines(settings, counted, checkout, rights, all, processes)),
    workDir,
    recordsBaseline: counted.recordsBaseline,
  };
}

/** The commit that a job's history is asked from. */
async function startOf(...job: Parameters<typeof open>): Promise<string | undefined> {
  const { store } = await open(...job);
  github.server.requests.length = 0;
  const lookup = await store.load();
  assert.equal(lookup.kind, "found", JSON.stringify(lookup));
  return github.server.matching(/compare|commits/)[0]?.replace(/^GET \/repos\/o\/r\/|[?&]per_page.*/g, "");
}

suite("where a job's baseline is looked for", async () => {
  github.rest.grow("main", "m2");
  github.rest.branches.set("3.13", "m1");
  for (const [sha, parent] of Object.entries({ merge: "m2", [HEAD]: "m1", [OTHER]: "m1", queued: "m2", feature: "m1" }))
    github.rest.commits.set(sha, [parent]);
  github.rest.run({ id: 90, sha: "merge", event: "pull_request", branch: "patch" });
  github.rest.run({ id: 1, sha: "m1" });
  const PULL = { repository: REPOSITORY, pull_request: { base: { ref: "main" }, head: { sha: HEAD } } };
  const MERGE = { GITHUB_SHA: "merge", GITHUB_REF: "refs/pull/1/merge" };
  const jobs: readonly (readonly [string, Parameters<typeof open>, string])[] = [
    [
      "a pull request: its merge into the base branch",
      ["pull_request", { GITHUB_SHA: "merge", GITHUB_REF: "refs/pull/1/merge" }, PULL],
      "compare/m2...merge",
    ],
    [
      "a pull request whose own commit is checked out: that commit",
      ["pull_request", MERGE, PULL, {}, { commit: HEAD }],
      `compare/m2...${HEAD}`,
    ],
    [
      "a pull request whose own commit is checked out into a folder: that commit",
      ["pull_request", MERGE, PULL, { source: "py" }, { commit: HEAD, path: "py" }],
      `compare/m2...${HEAD}`,
    ],
    [
      "a pull request whose own commit is checked out, with the source from elsewhere: that commit",
      ["pull_request", MERGE, PULL, { source: "py" }, { commit: HEAD }, { commit: OTHER, path: "py", repository: "python/cpython" }],
      `compare/m2...${HEAD}`,
    ],
    [
      "a pull request that merged by itself, of which GitHub knows nothing: its merge into the base branch",
      ["pull_request", MERGE, PULL, {}, { commit: OTHER }],
      "compare/m2...merge",
    ],
    [
      "a dispatch on the default branch that checks out another commit: that commit",
      ["workflow_dispatch", { GITHUB_SHA: "m2", GITHUB_REF: "refs/heads/main" }, { repository: REPOSITORY }, {}, { commit: OTHER }],
      `compare/m2...${OTHER}`,
    ],
    [
      "a pull request with another branch to compare with: that branch",
      ["pull_request", { GITHUB_SHA: "merge", GITHUB_REF: "refs/pull/1/merge" }, PULL, { baseline: "3.13" }],
      "compare/m1...merge",
    ],
    [
      "a merge queue: the branch that it goes to",
      [
        "merge_group",
        { GITHUB_SHA: "queued", GITHUB_REF: "refs/heads/gh-readonly-queue/main/x" },
        { repository: REPOSITORY, merge_group: { base_ref: "refs/heads/main" } },
      ],
      "compare/m2...queued",
    ],
    [
      "a push to another branch: the default branch",
      ["push", { GITHUB_SHA: "feature", GITHUB_REF: "refs/heads/feature" }, { repository: REPOSITORY }],
      "compare/m2...feature",
    ],
    [
      "a push to another branch that records: its commit",
      ["push", { GITHUB_SHA: "feature", GITHUB_REF: "refs/heads/feature" }, { repository: REPOSITORY }, { "record-baseline": "always" }],
      "commits?sha=feature",
    ],
    [
      "a push to the default branch: its commit",
      ["push", { GITHUB_SHA: "m2", GITHUB_REF: "refs/heads/main" }, { repository: REPOSITORY }],
      "commits?sha=m2",
    ],
    [
      "a schedule: its commit",
      ["schedule", { GITHUB_SHA: "m2", GITHUB_REF: "refs/heads/main" }, { schedule: "0 3 * * *" }],
      "commits?sha=m2",
    ],
    [
      "a dispatch on the default branch: its commit",
      ["workflow_dispatch", { GITHUB_SHA: "m2", GITHUB_REF: "refs/heads/main" }, { repository: REPOSITORY }],
      "commits?sha=m2",
    ],
    [
      "a dispatch elsewhere: the default branch",
      ["workflow_dispatch", { GITHUB_SHA: "feature", GITHUB_REF: "refs/heads/feature" }, { repository: REPOSITORY }],
      "compare/m2...feature",
    ],
  ];
  for (const [what, job, expected] of jobs) {
    test(`the search for a baseline starts from the right commit for ${what}`, async () => {
      const { store } = await open(...job);
      const name = /artifact (\S+) of/.exec((await store.load()).where)?.[1] ?? "";
      github.artifacts.keep(1, name, zip({ name: BASELINE_ENTRY, content: encodeBaseline(baseline({ sha: null })) }));
      assert.equal(await startOf(...job), expected);
    });
  }
});

suite("a run on the default branch", () => {
  const DISPATCH = ["workflow_dispatch", { GITHUB_SHA: HEAD, GITHUB_REF: "refs/heads/main" }, { repository: REPOSITORY }] as const;

  test("a run on the default branch records nothing if another commit is checked out, and says which", async () => {
    for (const [inputs, ...checkouts] of [
      [{}, { commit: OTHER }],
      [{ "record-baseline": "always" }, { commit: OTHER }],
      [{ source: "py" }, { commit: HEAD }, { commit: OTHER, path: "py" }],
      [{ source: "py" }, { commit: OTHER }, { commit: HEAD, path: "py", repository: "python/cpython" }],
      [{ source: "vendor/py" }, { commit: OTHER }],
      [{ "python-version": "3.13", command: "-m pytest" }, { commit: OTHER }],
      [
        { "python-version": "3.13", command: "-m pytest", directory: "py" },
        { commit: OTHER, path: "py" },
      ],
      [
        { "python-version": "3.13", command: "-m pytest", directory: "py/foo" },
        { commit: OTHER, path: "py" },
      ],
    ] as const) {
      const { store, notes, recordsBaseline } = await open(...DISPATCH, inputs, ...checkouts);
      assert.deepEqual([store.automaticScope, recordsBaseline], ["nothing", false], JSON.stringify(inputs));
      const recorded = await store.record(baseline());
      const why = { code: "other-commit", sha: OTHER, ofRun: HEAD };
      assert.deepEqual([recorded, notes], [{ kind: "failed", why }, [{ code: "recording-refused", why }]]);
    }
  });

  test("a run on the default branch records another commit into no file either", async () => {
    const [event, env, payload] = DISPATCH;
    const server = { GITHUB_SERVER_URL: "https://github.example.com" };
    for (const [more, inputs] of [
      [server, { "record-baseline": "always" }],
      [server, {}],
      [{}, { "record-baseline": "always", baseline: "./b.json.gz" }],
    ] as const) {
      const { store, notes } = await open(event, { ...env, ...more }, payload, inputs, { commit: OTHER });
      const scope = recordingScope("record-baseline" in inputs ? "always" : "auto", store, { kind: "first-run", where: "" });
      const why = { code: "other-commit", sha: OTHER, ofRun: HEAD };
      assert.deepEqual([scope, notes.at(-1)], ["nothing", { code: "recording-refused", why }], JSON.stringify(inputs));
    }
  });

  test("a pull request, which records nothing anyway, has no note that another commit is checked out", async () => {
    const payload = { repository: REPOSITORY, pull_request: { base: { ref: "main" }, head: { sha: HEAD } } };
    const { notes } = await open("pull_request", { GITHUB_SHA: "merge", GITHUB_REF: "refs/pull/1/merge" }, payload, {}, { commit: OTHER });
    assert.deepEqual(notes, []);
  });

  test("a run on the default branch records if the checkout is of its commit, of another repository, or of none", async () => {
    for (const [inputs, ...checkouts] of [
      [{}, { commit: HEAD }],
      [{ source: "py" }, { commit: HEAD }, { commit: OTHER, path: "py", repository: "python/cpython" }],
      [{}, { commit: OTHER, repository: "python/cpython" }],
      [{}],
    ] as const) {
      const { store, notes, recordsBaseline } = await open(...DISPATCH, inputs, ...checkouts);
      assert.deepEqual([store.automaticScope, recordsBaseline, notes], ["everything", true, []]);
    }
  });
});

test("jobs with a free-threaded interpreter and one with a GIL have separate baselines", async () => {
  const names = [false, true].map(async (freeThreaded) => {
    const inputs = { python: standInPython({ freeThreaded }), command: "-m pytest" };
    const { store } = await open("push", { GITHUB_SHA: "m2", GITHUB_REF: "refs/heads/main" }, { repository: REPOSITORY }, inputs);
    return /-(3\.\d+t?)-[0-9a-f]+ of/.exec((await store.load()).where)?.[1];
  });
  assert.deepEqual(await Promise.all(names), ["3.14", "3.14t"]);
});

suite("`record-baseline: always`", () => {
  const ALWAYS = { "record-baseline": "always" };
  const PULL: Parameters<typeof open> = [
    "pull_request",
    { GITHUB_SHA: "merge", GITHUB_REF: "refs/pull/1/merge" },
    { repository: REPOSITORY, pull_request: { base: { ref: "main" }, head: { sha: HEAD } } },
  ];
  const QUEUE: Parameters<typeof open> = [
    "merge_group",
    { GITHUB_SHA: "queued", GITHUB_REF: "refs/heads/gh-readonly-queue/main/x" },
    { repository: REPOSITORY, merge_group: { base_ref: "refs/heads/main" } },
  ];
  const pushTo = (ref: string): Parameters<typeof open> => ["push", { GITHUB_SHA: "feature", GITHUB_REF: ref }, { repository: REPOSITORY }];
  const scopeOf = async ([event, env, payload]: Parameters<typeof open>, inputs: Record<string, string> = {}, more = {}) => {
    const { store } = await open(event, { ...env, ...more }, payload, { ...ALWAYS, ...inputs });
    return recordingScope("always", store, { kind: "first-run", where: "" });
  };

  test("`record-baseline: always` only compares in a pull request and in a merge queue, wherever the baseline is", async () => {
    for (const job of [PULL, QUEUE]) {
      assert.equal(await scopeOf(job), "nothing", job[0]);
      assert.equal(await scopeOf(job, { baseline: "./b.json.gz" }), "nothing", job[0]);
      assert.equal(await scopeOf(job, {}, { GITHUB_SERVER_URL: "https://github.example.com" }), "nothing", job[0]);
    }
  });

  test("`record-baseline: always` records on a push to any branch, but of a tag only into a file", async () => {
    for (const ref of ["refs/heads/main", "refs/heads/3.13"]) assert.equal(await scopeOf(pushTo(ref)), "replace", ref);
    assert.equal(await scopeOf(pushTo("refs/tags/v1")), "nothing");
    assert.equal(await scopeOf(pushTo("refs/tags/v1"), { baseline: "./b.json.gz" }), "replace");
  });
});

suite("the runs that record the baseline of a job", () => {
  const pullTo = (ref: string): Parameters<typeof open> => [
    "pull_request",
    { GITHUB_SHA: "merge", GITHUB_REF: "refs/pull/1/merge" },
    { repository: REPOSITORY, pull_request: { base: { ref }, head: { sha: HEAD } } },
  ];
  const pushTo = (name: string, inputs = {}): Parameters<typeof open> => [
    "push",
    { GITHUB_SHA: "feature", GITHUB_REF: `refs/heads/${name}` },
    { repository: REPOSITORY },
    inputs,
  ];
  const ofMain = { code: "default-branch", branch: "main", own: null };
  const of313 = { code: "other-branch", branch: "3.13" };
  const [event, env, payload] = pullTo("main");
  const jobs: readonly (readonly [string, Parameters<typeof open>, object])[] = [
    ["a pull request to the default branch", pullTo("main"), ofMain],
    ["a pull request to a maintained branch", pullTo("3.13"), of313],
    ["a push to the default branch", pushTo("main"), ofMain],
    ["a push to another branch", pushTo("3.13"), { ...ofMain, own: "3.13" }],
    ["a push to another branch that records", pushTo("3.13", { "record-baseline": "always" }), of313],
    ["a push to another branch, compared with a chosen one", pushTo("feature", { baseline: "main" }), ofMain],
    ["a pull request with a file", [event, env, payload, { baseline: "./b.json.gz" }], { code: "file" }],
    ["a pull request on GitHub Enterprise Server", [event, { ...env, GITHUB_SERVER_URL: "https://github.example.com" }, payload], ofMain],
    ["a push without a payload", ["push", { GITHUB_SHA: "m1", GITHUB_REF: "refs/heads/main" }, {}], { ...ofMain, branch: null }],
  ];
  for (const [what, job, expected] of jobs) {
    test(`the runs that record the baseline of a job are known for ${what}`, async () => {
      const { store } = await open(...job);
      assert.deepEqual(store.recorder, expected);
    });
  }
});

suite("a baseline that names another commit than its run's", () => {
  const PULL = { repository: REPOSITORY, pull_request: { base: { ref: "main" }, head: { sha: HEAD } } };
  const job = (...checkouts: readonly CheckedOut[]) =>
    open("pull_request", { GITHUB_SHA: "merge", GITHUB_REF: "refs/pull/1/merge" }, PULL, {}, ...checkouts);

  async function lookWith(sha: string | null, ...checkouts: readonly CheckedOut[]): Promise<BaselineLookup> {
    const { store } = await job(...checkouts);
    const name = /artifact (\S+) of/.exec((await store.load()).where)?.[1] ?? "";
    github.rest.artifacts.length = 0;
    github.artifacts.keep(1, name, zip({ name: BASELINE_ENTRY, content: encodeBaseline(baseline({ sha })) }));
    return await store.load();
  }

  test("a baseline that names a commit which its run is not of does not count, and is named", async () => {
    const lookup = await lookWith(OTHER, { commit: HEAD });
    assert.equal(lookup.kind, "none");
    assert.deepEqual(lookup.notes, [{ code: "baselines-rejected", why: { code: "foreign-commit", sha: OTHER }, runs: [1] }]);
  });

  test("a baseline counts if it names a commit of another repository, or none", async () => {
    assert.equal((await lookWith(OTHER, { commit: HEAD, repository: "python/cpython" })).kind, "found");
    assert.equal((await lookWith(null, { commit: HEAD })).kind, "found");
  });
});

suite("baselines in the work folder", () => {
  const push = { GITHUB_SHA: "m1", GITHUB_REF: "refs/heads/main" };
  const cases: readonly (readonly [string, Record<string, string>, "enterprise-server" | "unknown-job"])[] = [
    ["on GitHub Enterprise Server", { GITHUB_SERVER_URL: "https://github.example.com" }, "enterprise-server"],
    ["where the runner names no run", { GITHUB_RUN_ID: "" }, "unknown-job"],
    ["where the runner names no repository", { GITHUB_REPOSITORY: "" }, "unknown-job"],
  ];
  for (const [where, env, why] of cases) {
    test(`baselines are in the work folder ${where}, with a note that says why`, async () => {
      const { store, notes, workDir } = await open("push", { ...push, ...env }, { repository: REPOSITORY });
      const [note, ...others] = notes;
      assert.ok(note?.code === "baseline-in-file" && others.length === 0, JSON.stringify(notes));
      assert.equal(note.why, why);
      assert.ok(note.path.startsWith(workDir), note.path);
      const recorded = await store.record(baseline({ findings: [entry("f")] }));
      assert.ok(recorded.kind === "recorded" && recorded.where.startsWith(workDir), JSON.stringify(recorded));
      assert.equal((await store.load()).kind, "found");
    });
  }

  test("baselines are in the work folder once for each branch that records; a branch without any is compared with the default one's", async () => {
    const inputs = { "work-dir": join(temporaryFolder(), "work"), "python-version": "3.13" };
    const server = { GITHUB_SERVER_URL: "https://github.example.com", GITHUB_SHA: "m1" };
    const pushTo = (branch: string) =>
      open(
        "push",
        { ...server, GITHUB_REF: `refs/heads/${branch}` },
        { repository: REPOSITORY },
        { ...inputs, "record-baseline": "always" },
      );
    const knownTo = async (ref: string): Promise<readonly string[]> => {
      const payload = { repository: REPOSITORY, pull_request: { base: { ref }, head: { sha: HEAD } } };
      const { store } = await open("pull_request", { ...server, GITHUB_REF: "refs/pull/1/merge" }, payload, inputs);
      const lookup = await store.load();
      return lookup.kind === "found" ? lookup.baseline.findings.map(({ signature }) => signature) : [lookup.kind];
    };
    const [ofMain, ofStable] = [entry("of_main"), entry("of_stable")];
    for (const [branch, finding] of Object.entries({ main: ofMain, stable: ofStable })) {
      const { store } = await pushTo(branch);
      await store.load();
      assert.equal((await store.record(baseline({ findings: [finding] }))).kind, "recorded");
    }
    assert.deepEqual(await Promise.all(["main", "stable", "feature"].map(knownTo)), [
      [ofMain.signature],
      [ofStable.signature],
      [ofMain.signature],
    ]);
  });

  test("baselines are in the file that is given, without a note", async () => {
    const { store, notes } = await open("push", push, { repository: REPOSITORY }, { baseline: "./b.json.gz" });
    assert.deepEqual(notes, []);
    assert.match((await store.load()).where, /b\.json\.gz$/);
  });
});

test("every host that the toolkit does not know as GitHub's own is GitHub Enterprise Server", () => {
  for (const url of ["https://github.com", "https://GITHUB.COM", "https://octo.ghe.com", "http://github.localhost:8080", "", undefined]) {
    assert.equal(isEnterpriseServer({ GITHUB_SERVER_URL: url }), false, url);
  }
  for (const url of ["https://github.example.com", "https://github.com.evil.test", "https://ghe.com"]) {
    assert.equal(isEnterpriseServer({ GITHUB_SERVER_URL: url }), true, url);
  }
});
