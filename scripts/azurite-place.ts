// Runs Azurite as a store of blobs. Each version is installed once into the user's cache, since it is large.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { BlobSASPermissions, BlobServiceClient, generateBlobSASQueryParameters, StorageSharedKeyCredential } from "@azure/storage-blob";
import type { BlobStore } from "../__tests__/support/github/blobs.ts";

export const AZURITE = "3.37.0";
/** Azurite's documented account. */
const ACCOUNT = "devstoreaccount1";
const ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
export const CONTAINER = "caches";

/** Blobs on a separate server. `base` ends in the account's name. */
export interface Place extends BlobStore {
  readonly base: string;
}

export async function startAzurite(): Promise<{ place: Place; process: ChildProcess; folder: string }> {
  const home = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "cpython-memcheck", `azurite-${AZURITE}`);
  const program = join(home, "node_modules", "azurite", "dist", "src", "blob", "main.js");
  if (!existsSync(program)) {
    console.log(`Installing azurite ${AZURITE}`);
    mkdirSync(home, { recursive: true });
    const args = ["install", "--prefix", home, "--ignore-scripts", "--no-audit", "--loglevel=error", `azurite@${AZURITE}`];
    assert.equal(spawnSync("npm", args, { stdio: "inherit" }).status, 0);
  }
  const folder = mkdtempSync(join(tmpdir(), "cpython-memcheck-azurite-"));
  const args = [program, "--blobPort", "0", "--location", folder, "--skipApiVersionCheck", "--disableTelemetry"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise<string>((done, failed) => {
    let printed = "";
    child.once("exit", () => failed(new Error(`Azurite ended: ${printed}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const listens = /successfully listen\w* on (http:\/\/\S+)/.exec(printed)?.[1];
      if (listens !== undefined) done(listens);
    });
  });
  return { place: await placeOfAzurite(`${address}/${ACCOUNT}`), process: child, folder };
}

async function placeOfAzurite(base: string): Promise<Place> {
  const credential = new StorageSharedKeyCredential(ACCOUNT, ACCOUNT_KEY);
  const container = new BlobServiceClient(base, credential).getContainerClient(CONTAINER);
  await container.create();
  const blobName = (path: string): string => path.slice(CONTAINER.length + 1);
  return {
    base,
    signedUrl(path, permission) {
      const expiresOn = new Date(Date.now() + 3_600_000);
      const permissions = BlobSASPermissions.parse(permission);
      const values = { containerName: CONTAINER, blobName: blobName(path), permissions, expiresOn };
      return `${base}/${path}?${generateBlobSASQueryParameters(values, credential)}`;
    },
    size: async (path) => (await container.getBlobClient(blobName(path)).getProperties()).contentLength,
  };
}
