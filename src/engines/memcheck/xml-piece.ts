// What a stream of valgrind's XML falls into.

/** Pieces come in the order of the bytes. The same bytes give the same pieces, however they are cut into chunks. */
export type XmlPiece =
  /** A whole child of `<valgrindoutput>`, tags included. Bytes that are not UTF-8 became U+FFFD. */
  | { readonly kind: "element"; readonly name: string; readonly text: string }
  /** `</valgrindoutput>` was read. */
  | { readonly kind: "closed" }
  /** Something else than elements and white space begins at this byte; said once until the next element. */
  | { readonly kind: "stray"; readonly offset: number }
  /** The element that begins at this byte is longer than the limit; it is skipped. */
  | { readonly kind: "oversized"; readonly name: string; readonly offset: number }
  /** There is no `<valgrindoutput>` at the beginning, which is `start`; nothing of the stream is read. */
  | { readonly kind: "foreign"; readonly start: string }
  /** The stream ended inside of this element, or inside of a tag (no name). */
  | { readonly kind: "unfinished"; readonly name?: string };
