// Finds the end of an XML element in bytes that arrive piece by piece, reading each byte once.

/** Progress of the search in an element, in bytes from its beginning. */
export interface Scan {
  readonly scanned: number;
  readonly inCdata: boolean;
}

const CDATA_START = Buffer.from("<![CDATA[");
const CDATA_END = Buffer.from("]]>");
const LESS_THAN = 0x3c;

/** Continues the search: returns the offset after the end tag, or the new progress. */
export function findEnd(bytes: Buffer, endTag: Buffer, from: Scan): number | Scan {
  let { scanned, inCdata } = from;
  while (scanned < bytes.length) {
    if (inCdata) {
      // CDATA holds a suppression's text, which may contain anything, including an end tag.
      const end = bytes.indexOf(CDATA_END, scanned);
      if (end < 0) return { scanned: Math.max(scanned, bytes.length - CDATA_END.length + 1), inCdata };
      scanned = end + CDATA_END.length;
      inCdata = false;
    }
    scanned = nextTag(bytes, scanned);
    const isEnd = startsWith(bytes, scanned, endTag);
    if (isEnd === true) return scanned + endTag.length;
    const isCdata = startsWith(bytes, scanned, CDATA_START);
    if (isEnd === undefined || isCdata === undefined) return { scanned, inCdata };
    inCdata = isCdata;
    scanned += isCdata ? CDATA_START.length : 1;
  }
  return { scanned, inCdata };
}

/** A loop, since calls of `indexOf` for tags that are 20 bytes apart cost more than the search itself. */
function nextTag(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== LESS_THAN) at++;
  return at;
}

/** Undefined if there are too few bytes to tell. */
function startsWith(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean | undefined {
  for (let index = 0; index < wanted.length; index++) {
    if (at + index >= bytes.length) return undefined;
    if (bytes[at + index] !== wanted[index]) return false;
  }
  return true;
}
