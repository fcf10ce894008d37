import type { Owner } from "../model/finding.ts";
import type { Frame } from "../model/memory-error.ts";
import { isBoundary } from "./cpython-functions.ts";
import { normalizeName } from "./frames.ts";
import { isInterpreter, isSystem, type Project, projectFile } from "./site.ts";

/** Objects of the check, valgrind and the sanitizer, which are on every stack. */
const WATCHERS = /\/(vgpreload_[\w-]+|cpython_memcheck_probe[^/]*|preload|lib[al]san)\.so[^/]*$/;

/**
 * The owner of an error, by the objects and files on its whole stack: an extension also calls Python code, and can leak objects that it created.
 * A stack without extensions that ends before the eval loop was cut off, so its owner is unknown.
 */
export function ownerOf(frames: readonly Frame[], project: Project): Owner {
  // CPython itself is under test.
  if (project.interpreter === undefined) return "project";
  if (frames.some((frame) => isProjects(frame, project))) return "project";
  if (frames.some((frame) => isExtension(frame, project))) return "extension";
  return frames.some((frame) => isBoundary(normalizeName(frame))) ? "interpreter" : "unknown";
}

function isProjects(frame: Frame, project: Project): boolean {
  if (projectFile(frame, project) !== undefined) return true;
  return frame.object !== undefined && isExtension(frame, project) && project.ownsObject?.(frame.object) === true;
}

/** A shared object that belongs neither to the system nor to the interpreter. */
function isExtension(frame: Frame, project: Project): boolean {
  const { object } = frame;
  return object !== undefined && /\.so\b/.test(object) && !WATCHERS.test(object) && !isSystem(frame) && !isInterpreter(frame, project);
}
