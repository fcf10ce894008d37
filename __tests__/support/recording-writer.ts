import { type Writer, WritingError } from "../../src/hosts/github/writer.ts";

interface Written {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string } | null;
}

/** An in-memory GitHub that takes the check's comments and check runs. */
export class RememberedGitHub implements Writer {
  readonly comments: Written[] = [];
  /** The bodies of requests for check runs, with their paths. */
  readonly checks: [string, unknown][] = [];
  readonly login: string;
  /** What every request is refused with. */
  refusal: Error | undefined;

  constructor(login = "github-actions[bot]") {
    this.login = login;
  }

  say(body: string, login: string | null): void {
    this.comments.push({ id: this.comments.length + 1, body, user: login === null ? null : { login } });
  }

  async request(method: string, path: string, body: { readonly body?: string } = {}): Promise<unknown> {
    if (this.refusal !== undefined) throw this.refusal;
    const { pathname, searchParams } = new URL(`https://api.invalid${path}`);
    switch (`${method} ${pathname.replace(/\d+/g, "N")}`) {
      case "POST /graphql":
        return { data: { viewer: { login: this.login } } };
      case "GET /repos/o/r/issues/N/comments": {
        const [size, page] = [Number(searchParams.get("per_page")), Number(searchParams.get("page"))];
        return this.comments.slice(size * (page - 1), size * page);
      }
      case "POST /repos/o/r/issues/N/comments":
        return this.say(body.body ?? "", this.login);
      case "PATCH /repos/o/r/issues/comments/N":
        return this.#edit(Number(pathname.split("/").at(-1)), body.body ?? "");
      case "POST /repos/o/r/check-runs":
      case "PATCH /repos/o/r/check-runs/N":
        this.checks.push([`${method} ${pathname}`, body]);
        return { id: 7 };
      default:
        throw new WritingError(404, `${method} ${path}`);
    }
  }

  #edit(id: number, body: string): void {
    const comment = this.comments.find((one) => one.id === id);
    if (comment === undefined) throw new WritingError(404, "Not Found");
    comment.body = body;
  }
}
