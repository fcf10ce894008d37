import type { AmbiguousNames } from "./frames.ts";
import { normalizeName } from "./frames.ts";

/** The functions of a build, by their names in signatures. A function that is always inlined has no symbol. */
export interface FunctionTable {
  readonly names: ReadonlySet<string>;
  /** Names that occur in several files. */
  readonly ambiguous: AmbiguousNames;
}

/** Reads the output of `nm -a -p -C` for programs and libraries: the local symbols of a file follow its name. Pure. */
export function parseSymbols(listing: string): FunctionTable {
  const files = new Map<string, Set<string>>();
  let file = "";
  for (const line of listing.split("\n")) {
    const [, kind = "", symbol = ""] = /^[0-9a-f]* ?([atTwW]) (\S.*)$/.exec(line) ?? [];
    if (kind === "a") file = symbol;
    else if (kind !== "" && !MADE_BY_COMPILER.test(symbol)) {
      const name = normalizeName({ function: symbol }).replace(/^::/, "");
      const places = files.get(name) ?? new Set();
      // `f.part.0` is a part of a function that may be global; only whole functions tell which file they are in.
      files.set(name, symbol.includes(".") ? places : places.add(kind === "t" ? file : ""));
    }
  }
  const ambiguous = [...files].filter(([, places]) => places.size > 1).map(([name]) => name);
  return { names: new Set(files.keys()), ambiguous: new Set(ambiguous) };
}

/** Symbols that every object has. */
const MADE_BY_COMPILER = /^(_init|_fini|_start|frame_dummy|(de)?register_tm_clones|__do_global_dtors_aux)$/;
