import { UserError } from "../model/user-error.ts";

const ONE_COMMAND = "Give one command; use earlier steps for the rest.";

/**
 * A command is one line of words, with quotes. Other syntax of a shell would be handed to the program as it is. @throws UserError that names it,
 * with what to write instead.
 */
export function refuseShellSyntax(line: string): void {
  const bare = withoutQuoted(line);
  const variable = /^(?:(?:\/usr\/bin\/)?env\s+|export\s+)?([A-Za-z_]\w*)=/.exec(bare)?.[1];
  if (variable !== undefined) throw setsVariable(variable);
  if (/^cd(\s|$)/.test(bare)) throw changesFolder();
  if (bare.includes("\n"))
    throw new UserError(`\`command\` has more than one line, but no shell runs it. ${ONE_COMMAND}`, {
      hint: "A command goes on in the next line after a `\\` at the end of the line.",
    });
  const operator = operatorIn(bare);
  if (operator !== undefined)
    throw new UserError(`\`command\` contains \`${operator}\`, but no shell runs it. ${ONE_COMMAND}`, {
      hint: "Put an argument that contains it in quotes.",
    });
  const expansion = /\$[A-Za-z_]\w*|\$[({]|`/.exec(bare)?.[0];
  if (expansion !== undefined)
    throw new UserError(`\`command\` contains ${quoted(expansion)}, but no shell replaces it. Write its value.`, {
      hint: "Put an argument that contains it in single quotes.",
    });
}

/** The line with `.` for each quoted part, but with what a shell replaces in double quotes. */
function withoutQuoted(line: string): string {
  return line.replace(/\\\n|\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"/g, (part) => {
    if (part === "\\\n") return "";
    return part.startsWith('"') ? `.${(part.match(/(?<!\\)(\$[A-Za-z_]\w*|\$[({]|`)/g) ?? []).join(".")}.` : ".";
  });
}

/** An operator that is a word, or begins or ends one: `test[a|b]` is the name of a test. */
function operatorIn(bare: string): string | undefined {
  const word = bare.split(/\s+/).find((one) => /^\d*&?[<>]|^[|;&]|[|;&]$|&&/.test(one));
  return word === undefined ? undefined : /\d*&?[<>]+(&\d*)?|&&|\|\||[|;&]/.exec(word)?.[0];
}

/** A backtick needs other quotes. */
function quoted(text: string): string {
  return text === "`" ? "a backtick" : `\`${text}\``;
}

function setsVariable(name: string): UserError {
  return new UserError(
    `\`command\` sets the variable ${name}, but no shell runs it. Set ${name} in the step's \`env\`, and name it in \`pass-env\`.`,
    { hint: `In a terminal: \`${name}=… cpython-memcheck check --pass-env ${name} …\`.` },
  );
}

function changesFolder(): UserError {
  return new UserError(
    "`command` begins with `cd`, but no shell runs it. Write paths from the folder of the check: `pytest python/tests`.",
  );
}
