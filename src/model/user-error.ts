/** An error that the user can fix: shown as sentences, without a stack. Ends with exit code 2. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
  }
}

/** The text of any thrown value: JavaScript can throw values that are not an `Error`. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A code such as `ENOENT`, if the system gave one. */
export function systemCodeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}

/** Whether there was no space to write: on the disk, by a quota, or by a limit of the process. */
export function isDiskFull(thrown: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(systemCodeOf(thrown) ?? "");
}

/** Turns an I/O error at a user-supplied path, or a full disk, into a UserError. @throws UserError */
export async function writingTo<Result>(what: string, path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (systemCodeOf(error) === undefined || isDiskFull(error)) throw error;
    throw new UserError(`${what} ${path} cannot be written: ${messageOf(error)}.`, { cause: error });
  }
}

/** The text for a failure: sentences for a user's error, all details for a bug of ours. */
export function describeFailure(thrown: unknown): string {
  if (thrown instanceof UserError) return thrown.hint === undefined ? thrown.message : `${thrown.message}\n${thrown.hint}`;
  if (isDiskFull(thrown)) return `The disk is full: ${messageOf(thrown)}\nFree some space or choose another work-dir.`;
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return `This is a bug in cpython-memcheck, please report it.\n${stack}`;
}
