import type { Progress } from "../../src/model/progress.ts";

/** Keeps the notes, and shows nothing. */
export class QuietProgress implements Progress {
  readonly notes: string[] = [];
  begin(): void {}
  update(): void {}
  note(line: string): void {
    this.notes.push(line);
  }
  end(): void {}
}
