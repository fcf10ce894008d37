// The pieces of a stream of valgrind's XML.

/** Pieces come in the order of the bytes. The same bytes give the same pieces, however they are cut into chunks. */
export type XmlPiece =
  /** A whole child of `<valgrindoutput>`, tags included. Bytes that are not UTF-8 became U+FFFD. */
  | { readonly kind: "element"; readonly name: string; readonly text: string }
  /** `</valgrindoutput>` was read. */
  | { readonly kind: "closed" }
  /** Something other than elements and white space begins at this byte; reported once until the next element. */
  | { readonly kind: "stray"; readonly offset: number }
  /** The element that begins at this byte exceeds the limit; it is skipped. */
  | { readonly kind: "oversized"; readonly name: string; readonly offset: number }
  /** The stream begins with `start` instead of `<valgrindoutput>`; none of it is read. */
  | { readonly kind: "foreign"; readonly start: string }
  /** The stream ended inside this element, or inside a tag (no name). */
  | { readonly kind: "unfinished"; readonly name?: string };
