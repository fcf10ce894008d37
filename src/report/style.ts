import { styleText } from "node:util";

/** How a text report marks its words. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const same = (text: string): string => text;

export const PLAIN: Style = { bold: same, dim: same, red: same, green: same, yellow: same };

const colour = (name: "bold" | "dim" | "red" | "green" | "yellow") => (text: string) => styleText(name, text, { validateStream: false });

export const COLOURED: Style = {
  bold: colour("bold"),
  dim: colour("dim"),
  red: colour("red"),
  green: colour("green"),
  yellow: colour("yellow"),
};
