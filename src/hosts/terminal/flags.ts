import { UserError } from "../../model/user-error.ts";
import { CHOICES, SETTINGS, type SettingDescription } from "../../settings/settings-table.ts";
import { quoteWord } from "../../settings/shell-words.ts";

const settings: readonly SettingDescription[] = SETTINGS;

const FLAGS_HINT = `Flags: ${settings.flatMap(({ name, only }) => (only === "action" ? [] : [`--${name}`])).join(" ")}`;

/** Flags whose value may begin with a dash: `--command "-m pytest"`. */
const WITH_OPTIONS = ["command", "configure-args", "valgrind-args"];

/** Flags whose values are words, so that two values can be one. */
const LISTS = ["tests", "scan", "torture", "install", "pass-env", "suppressions", "configure-args", "valgrind-args"];

/** Flags and their values, by name. @throws UserError for an argument that is no flag, and for a flag without a value or with two. */
export function readFlags(args: readonly string[]): Record<string, string> {
  const flags = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    const match = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (match === null) throw unknownArgument(args.slice(index), [...flags].at(-1));
    const [, name = "", attached] = match;
    refuseForeign(name);
    const value = attached ?? args[++index];
    if (value === undefined || (attached === undefined && isFlag(value, name))) throw withoutValue(name);
    const earlier = flags.get(name);
    if (earlier !== undefined) throw givenTwice(name, earlier, value);
    flags.set(name, value);
  }
  return Object.fromEntries(flags);
}

/** @param args from the unknown one on. @param last the flag before it, with its value */
function unknownArgument(args: readonly string[], last: readonly [string, string] | undefined): UserError {
  const [unknown] = args;
  const [name = "", value = ""] = last ?? [];
  if (!LISTS.includes(name)) return new UserError(`Unknown argument \`${unknown}\`.`, { hint: FLAGS_HINT });
  const end = args.findIndex((arg) => arg.startsWith("-"));
  const words = args.slice(0, end < 0 ? undefined : end).join(" ");
  return new UserError(`Unknown argument \`${unknown}\`. If it belongs to \`--${name}\`, write \`--${name} ${together(value, words)}\`.`);
}

function refuseForeign(name: string): void {
  if (settings.some((setting) => setting.name === name && setting.only === "action"))
    throw new UserError(`\`${name}\` is an input of the action, not a flag.`, { hint: FLAGS_HINT });
}

/** Whether an argument is the next flag, and not the value of this one. */
function isFlag(arg: string, name: string): boolean {
  if (!WITH_OPTIONS.includes(name)) return arg.startsWith("--");
  return settings.some((setting) => arg === `--${setting.name}`);
}

function withoutValue(name: string): UserError {
  const setting = settings.find((one) => one.name === name);
  if (setting === undefined) return new UserError(`Unknown flag \`--${name}\`.`, { hint: FLAGS_HINT });
  const choices: readonly string[] | undefined = Object.entries(CHOICES).find(([one]) => one === name)?.[1];
  if (choices !== undefined)
    return new UserError(`\`--${name}\` has no value; allowed: ${choices.map((choice) => `\`${choice}\``).join(", ")}.`);
  return new UserError(`\`--${name}\` has no value.`, { hint: `Its meaning: ${setting.meaning}.` });
}

function givenTwice(name: string, first: string, second: string): UserError {
  const way = LISTS.includes(name) ? `write \`--${name} ${together(first, second)}\`` : "give it once";
  return new UserError(`\`--${name}\` is given twice; ${way}.`);
}

/** One argument of a shell, in the quotes that people use. */
function together(first: string, second: string): string {
  const both = `${first} ${second}`;
  return /["\\$`]/.test(both) ? quoteWord(both) : `"${both}"`;
}

/** The arguments of `explain`. @throws UserError if they do not begin with what to explain. */
export function readSubject([subject = "", ...args]: readonly string[]): {
  readonly subject: string;
  readonly flags: Record<string, string>;
} {
  if (/^(-|$)/.test(subject)) throw new UserError("Usage: cpython-memcheck explain SIGNATURE or TEST [--report FILE]");
  return { subject, flags: readFlags(args) };
}
