import type { Finding } from "../model/finding.ts";
import { classOf } from "./make-finding.ts";
import { GROWTH } from "./segment.ts";

type Found = Pick<Finding, "kind" | "site" | "signature" | "test"> & { readonly objects: readonly { readonly type: string }[] };

/** Equal for findings of one bug, on any path and in any test: errors of one kind with one allocation site and leaked type. */
export function bugKey({ kind, site, objects, signature, test }: Found): string {
  // Without a site it is unknown whether two findings are one bug; growth stands for what keeps it.
  const apart = site.file === null ? [signature, test.file] : kind === GROWTH ? [signature] : [];
  return JSON.stringify([classOf(kind), site, objects[0]?.type ?? null, apart]);
}
