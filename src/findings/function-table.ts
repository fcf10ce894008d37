import type { AmbiguousNames } from "./frames.ts";
import { normalizeName } from "./frames.ts";

/** The functions of a build, by the names that signatures have. A function that is inlined wherever it is called has no symbol. */
export interface FunctionTable {
  readonly names: ReadonlySet<string>;
  /** Those that are in several files. */
  readonly ambiguous: AmbiguousNames;
}

/** Reads what `nm -a -p -C` prints of programs and libraries: the local symbols of a file follow its name. Pure. */
export function parseSymbols(listing: string): FunctionTable {
  const files = new Map<string, Set<string>>();
  let file = "";
  for (const line of listing.split("\n")) {
    const [, kind = "", symbol = ""] = /^[0-9a-f]* ?([atTwW]) (\S.*)$/.exec(line) ?? [];
    if (kind === "a") file = symbol;
    else if (kind !== "" && !MADE_BY_COMPILER.test(symbol)) {
      const name = normalizeName({ function: symbol }).replace(/^::/, "");
      const places = files.get(name) ?? new Set();
      // `f.part.0` is a piece of a function that may be global; only whole ones say where a function is.
      files.set(name, symbol.includes(".") ? places : places.add(kind === "t" ? file : ""));
    }
  }
  const ambiguous = [...files].filter(([, places]) => places.size > 1).map(([name]) => name);
  return { names: new Set(files.keys()), ambiguous: new Set(ambiguous) };
}

/** What every object has. */
const MADE_BY_COMPILER = /^(_init|_fini|_start|frame_dummy|(de)?register_tm_clones|__do_global_dtors_aux)$/;
