import * as v from "valibot";

/** A schema as text, such as `{name: string, kind: "a" | "b", lines: number[] | null}`: what must not change while its version stays. */
export function formOf(schema: unknown): string {
  const any = v.parse(v.looseObject({ type: v.string() }), schema);
  switch (any.type) {
    case "strict_object":
    case "object":
      return `{${Object.entries(v.parse(v.record(v.string(), v.unknown()), any.entries))
        .map(([name, entry]) => `${name}: ${formOf(entry)}`.replace(/: (.*) \| undefined$/, "?: $1"))
        .join(", ")}}`;
    case "array":
      return `${formOf(any.item)}[]`;
    case "nullable":
      return `${formOf(any.wrapped)} | null`;
    case "optional":
      return `${formOf(any.wrapped)} | undefined`;
    case "picklist":
      return v.parse(v.array(v.string()), any.options).join(" | ");
    case "variant":
      return formsOf(any.options).join(" | ");
    case "intersect":
      return `(${formsOf(any.options).join(" & ")})`;
    case "literal":
      return String(any.literal);
    default:
      return any.type;
  }
}

function formsOf(options: unknown): readonly string[] {
  return v.parse(v.array(v.unknown()), options).map(formOf);
}
