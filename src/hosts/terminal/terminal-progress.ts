import type { Progress } from "../../model/progress.ts";
import { printable } from "../../report/escape.ts";
import type { Style } from "../../report/style.ts";
import { progressLine } from "../common/log-progress.ts";

/** The part of a terminal that progress needs; `process.stderr` is one. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** On a terminal: one line that is redrawn, below the permanent lines. Names in them come from the checked code. */
export class TerminalProgress implements Progress {
  readonly #screen: Screen;
  readonly #style: Style;

  constructor(screen: Screen, style: Style) {
    this.#screen = screen;
    this.#style = style;
  }

  begin(title: string): void {
    this.#keep(this.#style.bold(printable(title)));
  }

  update(what: string, of?: { readonly done: number; readonly total: number; readonly left?: number }): void {
    const line = `  ${printable(progressLine(what, of)).replaceAll("\n", " ")}`;
    const width = (this.#screen.columns || 80) - 1;
    this.#screen.write(`\r\x1b[2K${this.#style.dim(cutToWidth(line, width))}`);
  }

  note(line: string): void {
    this.#keep(`  ${printable(line)}`);
  }

  end(): void {
    this.#screen.write("\r\x1b[2K");
  }

  #keep(line: string): void {
    this.#screen.write(`\r\x1b[2K${line}\n`);
  }
}

/** Characters that take two columns, as far as names of files have them. */
const WIDE = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Extended_Pictographic}\uff00-\uff60]/u;

/** As much of a line as fits: a line that wraps can't be redrawn. */
function cutToWidth(line: string, columns: number): string {
  let [width, end] = [0, 0];
  for (const character of line) {
    width += WIDE.test(character) ? 2 : 1;
    if (width > columns) break;
    end += character.length;
  }
  return line.slice(0, end);
}
