// Building blocks of report.html: all text passes through one escaping function, except markup that was made here.

import { pageText } from "../escape.ts";

/** Finished markup. Only `html` and `trusted` make it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template: text is escaped, markup is not. */
export type Piece = string | number | Markup | readonly Piece[];

/** A template with markup around escaped values: html`<b>${name}</b>`. */
export function html(words: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const parts = words.map((word, index) => word + (index < pieces.length ? textOf(pieces[index] ?? "") : ""));
  return new Markup(parts.join(""));
}

/** For our own constants, such as the style sheet. Never pass text of a report. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

export const NOTHING = trusted("");

/** Markup if the condition is true, otherwise nothing. */
export function when(condition: boolean, make: () => Markup): Markup {
  return condition ? make() : NOTHING;
}

/** One of our own messages, with code between backticks. */
export function prose(message: string): Markup {
  const parts = message.split(/`([^`]+)`/);
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

function textOf(piece: Piece): string {
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "string") return pageText(piece);
  return typeof piece === "number" ? `${piece}` : piece.map(textOf).join("");
}
