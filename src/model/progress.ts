/** What a person watches while the check works. */
export interface Progress {
  /** A part of the check begins; the one before is over. */
  begin(title: string): void;
  /** What is going on now. `of` says how far it is; `left` how many seconds it will take. */
  update(what: string, of?: { readonly done: number; readonly total: number; readonly left?: number }): void;
  /** A line that stays. */
  note(line: string): void;
  /** The last part is over. */
  end(): void;
}
