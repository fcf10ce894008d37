/** @param version `3.13.5` @returns `3.13` */
export function minorVersion(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

interface Build {
  readonly version: string;
  readonly freeThreaded: boolean;
}

/** `3.14`; `3.14t` for a free-threaded build. */
export function minorLabel({ version, freeThreaded }: Build): string {
  return `${minorVersion(version)}${freeThreaded ? "t" : ""}`;
}

/** The name of the program and of its folders in `lib` and `include`: `python3.14`; `python3.14t` for a free-threaded build. */
export function pythonName(build: Build): string {
  return `python${minorLabel(build)}`;
}
