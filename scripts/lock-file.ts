// Checks that package-lock.json matches package.json and is complete. `npm ci` does so too, but refuses to run if a registry mirror lacks the optional
// packages of other platforms; `npm install` silently repairs what is missing.

import { minVersion, satisfies } from "semver";
import * as v from "valibot";

const RangesSchema = v.optional(v.record(v.string(), v.string()), {});

const DEPENDENCIES = {
  dependencies: RangesSchema,
  devDependencies: RangesSchema,
  optionalDependencies: RangesSchema,
};

export const ManifestSchema = v.object({
  ...DEPENDENCIES,
  engines: v.object({ node: v.string() }),
  overrides: RangesSchema,
});

const PackageSchema = v.object({
  ...DEPENDENCIES,
  /** The package's own name if the folder has another one. */
  name: v.optional(v.string()),
  version: v.optional(v.string(), ""),
  integrity: v.optional(v.string()),
  peerDependencies: RangesSchema,
  peerDependenciesMeta: v.optional(v.record(v.string(), v.object({ optional: v.optional(v.boolean()) })), {}),
  engines: v.optional(v.object({ node: v.optional(v.string()) })),
});

export const LockSchema = v.object({ lockfileVersion: v.literal(3), packages: v.record(v.string(), PackageSchema) });

type Manifest = v.InferOutput<typeof ManifestSchema>;
type Package = v.InferOutput<typeof PackageSchema>;
type Packages = Readonly<Record<string, Package>>;

/** One dependency of one package. */
interface Demand {
  /** The folder of the package with the dependency; empty for the project itself. */
  readonly from: string;
  readonly name: string;
  readonly range: string;
  /** Whether it is a peer that may be missing. */
  readonly isOptional: boolean;
}

/** The problems of a lock file, as one sentence each. Pure. */
export function problemsOfLock(manifest: Manifest, { packages }: v.InferOutput<typeof LockSchema>): readonly string[] {
  const demands = Object.entries(packages).flatMap(([from, entry]) => demandsOf(from, entry));
  return [
    ...problemsOfRoot(manifest, packages[""]),
    ...demands.flatMap((demand) => problemsOfDemand(demand, packages, manifest.overrides)),
    ...Object.entries(packages).flatMap(([folder, entry]) => (folder === "" ? [] : problemsOfEntry(folder, entry, manifest))),
    ...problemsOfExtras(demands, packages),
  ];
}

function problemsOfRoot(manifest: Manifest, root: Package | undefined): readonly string[] {
  const keys = ["dependencies", "devDependencies", "optionalDependencies"] as const;
  return keys
    .filter((key) => sorted(manifest[key]) !== sorted(root?.[key] ?? {}))
    .map((key) => `The ${key} of package.json are not those of package-lock.json. Run \`npm install\` and commit both.`);
}

function sorted(ranges: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(ranges).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Packages for development are installed only for the project itself. */
function demandsOf(from: string, entry: Package): readonly Demand[] {
  const { dependencies, optionalDependencies, devDependencies, peerDependencies, peerDependenciesMeta } = entry;
  const own = { ...dependencies, ...optionalDependencies, ...(from === "" ? devDependencies : {}) };
  const demand = ([name, range]: [string, string], isOptional: boolean): Demand => ({ from, name, range, isOptional });
  return [
    ...Object.entries(own).map((one) => demand(one, false)),
    ...Object.entries(peerDependencies).map((one) => demand(one, peerDependenciesMeta[one[0]]?.optional === true)),
  ];
}

function problemsOfDemand(
  { from, name, range, isOptional }: Demand,
  packages: Packages,
  overrides: Manifest["overrides"],
): readonly string[] {
  const asker = from === "" ? "package.json" : from;
  const folder = resolve(from, name, packages);
  const found = folder === undefined ? undefined : packages[folder];
  if (found === undefined) return isOptional ? [] : [`${asker} needs ${name} ${range}, which package-lock.json does not have.`];
  const [, alias, aliased] = /^npm:(.+)@([^@]+)$/.exec(range) ?? [];
  const wanted = overrides[name] ?? aliased ?? range;
  if (alias !== undefined && alias !== found.name)
    return [`${asker} needs ${alias} as ${name}, and package-lock.json has another package.`];
  return satisfies(found.version, wanted) ? [] : [`${asker} needs ${name} ${wanted}, and package-lock.json has ${found.version}.`];
}

/** Where Node finds a package: beside the one that depends on it, or beside any package that contains that one. */
function resolve(from: string, name: string, packages: Packages): string | undefined {
  const folders = from.split(/\/?node_modules\//).slice(1);
  for (let depth = folders.length; depth >= 0; depth--) {
    const folder = [...folders.slice(0, depth), name].map((part) => `node_modules/${part}`).join("/");
    if (packages[folder] !== undefined) return folder;
  }
  return undefined;
}

const INTEGRITY = /^sha512-[A-Za-z0-9+/]{86}==$/;

function problemsOfEntry(folder: string, { version, integrity, engines }: Package, manifest: Manifest): readonly string[] {
  const oldest = minVersion(manifest.engines.node)?.version ?? "";
  const runs = engines?.node === undefined || satisfies(oldest, engines.node);
  return [
    ...(integrity !== undefined && INTEGRITY.test(integrity) ? [] : [`${folder} has no SHA-512 hash in package-lock.json.`]),
    ...(runs ? [] : [`${folder} ${version} needs Node ${engines?.node}, and package.json promises ${oldest}.`]),
  ];
}

/** Packages that no other package needs, left over from an edit. */
function problemsOfExtras(demands: readonly Demand[], packages: Packages): readonly string[] {
  const used = new Set(["", ...demands.flatMap(({ from, name }) => resolve(from, name, packages) ?? [])]);
  const extras = Object.keys(packages).filter((folder) => !used.has(folder));
  return extras.map((folder) => `${folder} is in package-lock.json, and nothing needs it.`);
}
