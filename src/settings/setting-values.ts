import { UserError } from "../model/user-error.ts";
import { CHOICES, type Choice, defaultOf, type SettingName } from "./settings-table.ts";
import { splitWords } from "./shell-words.ts";

export function parseNames(setting: SettingName, names: readonly string[], alone: string): readonly string[] {
  for (const name of names) {
    if (!/^test_\w+(\.\w+)*$/.test(name)) throw bad(setting, name, `names of test files such as \`test_csv test_json\`, or ${alone}`);
  }
  return [...new Set(names)];
}

export function parseJobs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,2}$/.test(value)) throw bad("jobs", value, "a whole number from 1 to 999");
  return Number(value);
}

export function parseTitle(name: SettingName, value: string | undefined): string | undefined {
  if (value === undefined || /^\P{C}{1,100}$/u.test(value)) return value;
  throw bad(name, value, "one line of at most 100 characters");
}

export function parseDuration(name: SettingName, value: string): number {
  const match = /^(\d{1,6}) ?(s|m|min|h)$/.exec(value);
  const seconds = match === null ? 0 : Number(match[1]) * (match[2] === "h" ? 3600 : match[2] === "s" ? 1 : 60);
  if (seconds < 1 || seconds > 24 * 3600) throw bad(name, value, "a time from `1s` to `24h`, such as `90s`, `20m` or `1h`");
  return seconds;
}

/** The value of a setting that allows only some; its default if it is not given. */
export function choiceOf<Name extends keyof typeof CHOICES>(name: Name, value: string | undefined): Choice<Name> {
  const given = value ?? defaultOf(name);
  const allowed: readonly Choice<Name>[] = CHOICES[name];
  const found = allowed.find((candidate) => candidate === given);
  if (found !== undefined) return found;
  throw bad(name, given, allowed.map((candidate) => `\`${candidate}\``).join(", "));
}

export function splitSetting(name: SettingName, text: string): readonly string[] {
  const words = splitWords(text);
  if (words === undefined) throw bad(name, text, "words separated by spaces or lines, with every quote closed");
  return words;
}

export function bad(name: SettingName, value: string, allowed: string): UserError {
  return new UserError(`\`${name}\` is \`${value}\`; allowed: ${allowed}.`);
}
