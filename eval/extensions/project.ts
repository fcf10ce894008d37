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
  /** Additional arguments for a plain run. The check needs none: it does the same by itself. */
  readonly plain?: readonly string[];
  /** Installs the wheel from PyPI, since compiling takes too long; it has no symbols, and stacks are incomplete. */
  readonly isWheel?: boolean;
  /** Why the project is checked only if it is named, such as that it takes too long. */
  readonly onRequest?: string;
}
