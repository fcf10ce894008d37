/** The terminal command of a clone beside the project. A clone is complete, and runs where it is started. */
export const CLONED_COMMAND = "../cpython-memcheck/scripts/cpython-memcheck";

/** The title of a command that reproduces a finding. One that starts a new check works anywhere, others only on the machine of the check. */
export function reproduceTitle(command: string): string {
  if (!command.startsWith(`${CLONED_COMMAND} `)) return "Reproduce";
  return "Reproduce in a checkout of this commit, with cpython-memcheck cloned beside it";
}
