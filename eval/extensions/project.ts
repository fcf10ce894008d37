/** A release on PyPI whose own tests are checked. */
export interface Project {
  readonly name: string;
  readonly version: string;
  /** What its extension is written in, and how it is bound to Python. */
  readonly language: string;
  /** What pip installs beside the release itself. */
  readonly needs: readonly string[];
  /** The check's `command`. */
  readonly command: string;
  /** Further words for a plain run, which the check sees to itself. */
  readonly plain?: readonly string[];
  /** Installed as PyPI has it compiled, since compiling takes too long: without symbols and whole stacks. */
  readonly isWheel?: boolean;
  /** Of a project that is checked only if it is named, since it takes too long: why. */
  readonly onRequest?: string;
}
