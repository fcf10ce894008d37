import assert from "node:assert/strict";
import { suite, test } from "node:test";
import * as v from "valibot";
import { type ExtraSettings, publishExtras } from "../../../src/hosts/github/publish-optional.ts";
import { WritingError } from "../../../src/hosts/github/writer.ts";
import type { Note } from "../../../src/model/note.ts";
import { allAnnotations } from "../../../src/report/annotations.ts";
import type { Report } from "../../../src/report/report.ts";
import { markerOf } from "../../../src/report/short-report.ts";
import { AT_ROOT } from "../../support/locate.ts";
import { RememberedGitHub } from "../../support/recording-writer.ts";
import { failing, problem, report, reported } from "../../support/reports.ts";

const SHA = "89abcdef89abcdef89abcdef89abcdef89abcdef";
const OCCASION = { repository: "o/r", origin: { sha: SHA, url: "https://github.test/o/r/actions/runs/5" }, pullRequest: 3, key: "job" };
const COMMENT = { checkRun: undefined, comment: "Memcheck", failOn: "new" } as const;
const CHECK = { checkRun: "Memcheck 3.13", comment: undefined, failOn: "new" } as const;

function publish(github: RememberedGitHub, shown: Report, settings: ExtraSettings, occasion = OCCASION): Promise<readonly Note[]> {
  return publishExtras(github, shown, allAnnotations(shown, AT_ROOT), settings, occasion);
}

const ChecksSchema = v.array(
  v.tuple([
    v.string(),
    v.object({
      name: v.optional(v.string()),
      head_sha: v.optional(v.string()),
      conclusion: v.optional(v.string()),
      output: v.object({
        title: v.string(),
        summary: v.string(),
        annotations: v.array(v.object({ path: v.string(), start_line: v.number(), annotation_level: v.string() })),
      }),
    }),
  ]),
);
const checksOf = (github: RememberedGitHub) => v.parse(ChecksSchema, github.checks);

suite("the comment on a pull request", () => {
  test("the comment on a pull request is made once and edited from then on, also to say that all is well", async () => {
    const github = new RememberedGitHub();
    github.say("looks good", "someone");
    assert.deepEqual(await publish(github, failing([reported("f")]), COMMENT), []);
    assert.match(github.comments[1]?.body ?? "", /^<!-- .* -->\n## ❌ Memcheck: 1 new error[\s\S]*<code>f<\/code>[\s\S]*`89abcdef/);
    await publish(github, report(), COMMENT);
    assert.equal(github.comments.length, 2);
    assert.match(github.comments[1]?.body ?? "", /✅/);
  });

  test("the comment on a pull request is not made to say that nothing happened", async () => {
    const github = new RememberedGitHub();
    await publish(github, report(), COMMENT);
    assert.equal(github.comments.length, 0);
  });

  test("the comment on a pull request is found again among hundreds of others", async () => {
    const github = new RememberedGitHub();
    for (let index = 0; index < 230; index++) github.say("talk", "someone");
    await publish(github, failing([reported("f")]), COMMENT);
    await publish(github, failing([reported("g")]), COMMENT);
    assert.equal(github.comments.length, 231);
    assert.match(github.comments.at(-1)?.body ?? "", /<code>g</);
  });

  test("a comment of another author, or one that only quotes ours, is never edited", async () => {
    const github = new RememberedGitHub();
    const foreign = [`${markerOf({ title: "Memcheck", key: "job" })}\nmine`, `> ${markerOf({ title: "Memcheck", key: "job" })}`];
    github.say(foreign[0] ?? "", "mallory");
    github.say(foreign[0] ?? "", null);
    github.say(foreign[1] ?? "", github.login);
    await publish(github, failing([reported("f")]), COMMENT);
    assert.deepEqual(
      github.comments.slice(0, 3).map(({ body }) => body),
      [foreign[0], foreign[0], foreign[1]],
    );
    assert.equal(github.comments.length, 4);
  });

  test("the comment on a pull request is that of the latest run, though an earlier one may end after it", async () => {
    const github = new RememberedGitHub();
    const of = (run: number, attempt = 1) => {
      return { ...OCCASION, origin: { sha: SHA, url: `https://github.test/o/r/actions/runs/${run}/attempts/${attempt}` } };
    };
    const shown = (): string => /Memcheck: .*/.exec(github.comments[0]?.body ?? "")?.[0] ?? "";
    await publish(github, failing([reported("f")]), COMMENT, of(20));
    await publish(github, report(), COMMENT, of(9));
    assert.match(shown(), /1 new error/);
    await publish(github, report(), COMMENT, of(20, 2));
    assert.match(shown(), /Clean/);
    await publish(github, failing([reported("g")]), COMMENT, of(9, 2));
    assert.match(shown(), /Clean/);
    await publish(github, failing([reported("g")]), COMMENT, of(100));
    assert.match(shown(), /1 new error/);
    assert.equal(github.comments.length, 1);
  });

  test("the comment on a pull request is edited if it names no run, as earlier versions wrote it", async () => {
    const github = new RememberedGitHub();
    github.say(`${markerOf({ title: "Memcheck", key: "job" })}\n## old\n<!-- run 99 -->`, github.login);
    await publish(github, report(), COMMENT);
    assert.match(github.comments[0]?.body ?? "", /Clean/);
    assert.equal(github.comments.length, 1);
  });

  test("a pull request gets one comment for each title", async () => {
    const github = new RememberedGitHub();
    await publish(github, failing([reported("f")]), COMMENT);
    await publish(github, failing([reported("g")]), { ...COMMENT, comment: "Memcheck --> 3.14" });
    assert.equal(github.comments.length, 2);
    assert.doesNotMatch(github.comments[1]?.body.split("\n")[0] ?? "", /3\.14/);
  });

  test("a pull request gets one comment for each job, so a clean job does not replace the leak of another one", async () => {
    const github = new RememberedGitHub();
    const other = { ...OCCASION, key: "other job" };
    await publish(github, failing([reported("f")]), COMMENT);
    await publish(github, report(), COMMENT, other);
    assert.equal(github.comments.length, 1);
    assert.match(github.comments[0]?.body ?? "", /<code>f</);
    await publish(github, failing([reported("g")]), COMMENT, other);
    await publish(github, report(), COMMENT, other);
    assert.deepEqual(
      github.comments.map(({ body }) => /❌|✅/u.exec(body)?.[0]),
      ["❌", "✅"],
    );
  });

  test("the comment on a pull request is not longer than GitHub takes, and still says where the rest is", async () => {
    const github = new RememberedGitHub();
    const long = Array.from({ length: 60 }, (_, index) => reported(`f${index}`, { what: "日本語".repeat(2000) }));
    await publish(github, failing(long), COMMENT);
    const body = github.comments[0]?.body ?? "";
    assert.ok(body.length < 65_536);
    for (const { site } of long) assert.ok(body.includes(site.function), site.function);
    assert.match(body, /\[the run's summary\]\(https:\/\/github\.test\/o\/r\/actions\/runs\/5\) has the rest\.\n$/);
  });

  test("a comment is created only on a pull request", async () => {
    const github = new RememberedGitHub();
    const notes = await publishExtras(github, failing([reported()]), [], COMMENT, { ...OCCASION, pullRequest: undefined });
    assert.deepEqual([notes, github.comments], [[], []]);
  });
});

suite("the check run", () => {
  test("the check run has all annotations with a place, fifty in a request", async () => {
    const github = new RememberedGitHub();
    const sites = Array.from({ length: 120 }, (_, line) =>
      reported("f", { site: { function: "f", file: "Modules/_x.c", line: line + 1 } }),
    );
    const shown = failing([...sites, reported("f", { site: { function: "f", file: null, line: null } })]);
    assert.deepEqual(await publish(github, shown, CHECK), []);
    const checks = checksOf(github);
    assert.deepEqual(
      checks.map(([request, { output }]) => [request, output.annotations.length]),
      [
        ["POST /repos/o/r/check-runs", 50],
        ["PATCH /repos/o/r/check-runs/7", 50],
        ["PATCH /repos/o/r/check-runs/7", 20],
      ],
    );
    const [, { name, head_sha, output }] = checks[0] ?? assert.fail();
    assert.deepEqual([name, head_sha, output.title], ["Memcheck 3.13", SHA, "121 new errors in 1 checked test file."]);
    assert.deepEqual(output.annotations[1], { path: "Modules/_x.c", start_line: 2, annotation_level: "failure" });
  });

  test("the check run never succeeds if something was not checked, and is neutral about what fails nothing", async () => {
    const none = { ...CHECK, failOn: "none" } as const;
    const inconclusive = report({ verdict: "inconclusive", problems: [problem("test_x was killed.")] });
    const table: readonly (readonly [Report, ExtraSettings, string])[] = [
      [report(), CHECK, "success"],
      [failing([reported()]), CHECK, "failure"],
      [failing([reported()]), none, "neutral"],
      [inconclusive, CHECK, "failure"],
      [inconclusive, none, "failure"],
    ];
    for (const [shown, settings, expected] of table) {
      const github = new RememberedGitHub();
      await publish(github, shown, settings);
      assert.equal(checksOf(github)[0]?.[1].conclusion, expected);
    }
  });
});

suite("a token without permissions", () => {
  const both = { checkRun: "a", comment: "b", failOn: "new" } as const;

  for (const status of [401, 403, 404]) {
    test(`a missing permission of the token is noted by name, and fails nothing (${status})`, async () => {
      const github = new RememberedGitHub();
      github.refusal = new WritingError(status, "Resource not accessible by integration");
      const notes = await publish(github, failing([reported()]), both);
      const detail = github.refusal.message;
      assert.match(detail, new RegExp(`^GitHub answered ${status}`));
      assert.deepEqual(notes, [
        { code: "not-published", what: "check-run", why: { code: "refused", permission: "checks", detail } },
        { code: "not-published", what: "comment", why: { code: "refused", permission: "pull-requests", detail } },
      ]);
    });
  }

  test("a missing permission of the token is not blamed for a conversation that is locked", async () => {
    const github = new RememberedGitHub();
    github.refusal = new WritingError(403, "Unable to create comment because issue is locked.");
    const [note] = await publish(github, failing([reported()]), COMMENT);
    assert.equal(note?.code === "not-published" && note.why.code, "failed");
  });

  test("a missing permission of the token is distinguished from other failures", async () => {
    const github = new RememberedGitHub();
    github.refusal = new Error("socket hang up");
    const because = (why: object): object => ({ code: "not-published", what: "check-run", why });
    assert.deepEqual(await publish(github, failing([reported()]), CHECK), [because({ code: "failed", detail: "socket hang up" })]);
    assert.deepEqual(await publishExtras(undefined, report(), [], CHECK, OCCASION), [because({ code: "no-token" })]);
  });

  test("nothing that needs a write permission is requested by default", async () => {
    const github = new RememberedGitHub();
    github.refusal = new Error("asked");
    assert.deepEqual(await publish(github, failing([reported()]), { checkRun: undefined, comment: undefined, failOn: "new" }), []);
  });
});
