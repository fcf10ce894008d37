/** Which runs record the baseline that a check looks for: what a reader can do if there is none, or if it can't be used. */
export type Recorder =
  /** The checks of a terminal. */
  | { readonly code: "terminal" }
  /**
   * The runs on the default branch; `branch` is null if its name is unknown. `own` is this run's own branch if it is another one: it may be a
   * maintained branch, which has baselines of its own only if its runs ask for it.
   */
  | { readonly code: "default-branch"; readonly branch: string | null; readonly own: string | null }
  /** Pushes to a branch that records only if its runs ask for it. */
  | { readonly code: "other-branch"; readonly branch: string }
  /** A run that writes the file that `baseline` names. */
  | { readonly code: "file" };

export const DEFAULT_BRANCH: Recorder = { code: "default-branch", branch: null, own: null };
