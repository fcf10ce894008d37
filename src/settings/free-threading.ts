const GIL = /^--?(?:en|dis)able-gil(?:=|$)/;

const WITHOUT_GIL = /^--?(?:disable-gil(?:=yes)?|enable-gil=no)$/;

/** Whether configure makes a free-threaded build of these arguments: of several, it takes the last one. */
export function isWithoutGil(configureArgs: readonly string[]): boolean {
  return WITHOUT_GIL.test(configureArgs.findLast((arg) => GIL.test(arg)) ?? "");
}
