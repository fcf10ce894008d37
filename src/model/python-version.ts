/** @param version `3.13.5` @returns `3.13` */
export function minorVersion(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** The name of its program and of its folders in `lib` and `include`: `python3.14`; `python3.14t` without a GIL. */
export function pythonName({ version, freeThreaded }: { readonly version: string; readonly freeThreaded: boolean }): string {
  return `python${minorVersion(version)}${freeThreaded ? "t" : ""}`;
}
