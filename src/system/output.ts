import { StringDecoder } from "node:string_decoder";

/** Bytes, roughly: characters of text that may have more bytes. */
const KEPT_OUTPUT = 64 * 1024;

interface Listeners {
  readonly onLine?: (line: string) => void;
  readonly onBytes?: (bytes: Buffer) => void;
}

/** Reads a program's output and passes it on; the returned function gives its end. */
export function readOutput(stream: NodeJS.ReadableStream | null, { onLine, onBytes }: Listeners = {}): () => string {
  const decoder = new StringDecoder("utf8");
  let kept = "";
  let line = "";
  stream?.on("data", (bytes: Buffer) => {
    onBytes?.(bytes);
    const text = decoder.write(bytes);
    kept = (kept + text).slice(-KEPT_OUTPUT);
    if (onLine === undefined) return;
    const lines = (line + text).split("\n");
    line = (lines.pop() ?? "").slice(-KEPT_OUTPUT);
    lines.forEach(onLine);
  });
  return () => kept;
}
