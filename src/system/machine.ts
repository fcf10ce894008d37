import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Undefined if there is none: HOME is not set and the user has no passwd entry, as in containers that run with an arbitrary user id. */
export function homeFolder(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}

/** Reads a file of /proc or /sys; undefined if it does not exist. */
export function readSystemFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

type Read = (path: string) => string | undefined;

/**
 * Bytes of memory that our processes may use: the machine's (proc(5), meminfo) or the lowest limit of our control group and those above it
 * (cgroups(7)). Undefined if unknown.
 */
export function memoryLimit(read: Read): number | undefined {
  const total = /^MemTotal:\s+(\d+) kB$/m.exec(read("/proc/meminfo") ?? "")?.[1];
  const groups = [...(read("/proc/self/cgroup") ?? "").matchAll(/^\d+:([^:]*):(\/.*)$/gm)];
  const files = groups.flatMap(([, controllers = "", path = "/"]) => limitFiles(controllers.split(","), path));
  const limits = files.map((file) => Number(/^\d+$/.exec(read(file)?.trim() ?? "")?.[0] ?? Number.NaN));
  const known = [...limits, total === undefined ? Number.NaN : Number(total) * 1024].filter((bytes) => bytes > 0);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Version 2, which names no controllers, at both of its mount points; version 1 for the memory controller. */
function limitFiles(controllers: readonly string[], path: string): readonly string[] {
  if (controllers[0] === "")
    return ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].flatMap((root) => inAncestors(root, path, ["memory.max", "memory.high"]));
  return controllers.includes("memory") ? inAncestors("/sys/fs/cgroup/memory", path, ["memory.limit_in_bytes"]) : [];
}

/** A container may see only the end of its path: then the root is its own group. */
function inAncestors(root: string, path: string, names: readonly string[]): readonly string[] {
  const own = names.map((name) => join(root, path, name));
  return path === "/" ? own : [...own, ...inAncestors(root, dirname(path), names)];
}
