import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type AptArchive, parseAptSources, sourceLines } from "../../src/build/apt-archive.ts";

const DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n';
const UBUNTU = "ID=ubuntu\nID_LIKE=debian\nUBUNTU_CODENAME=noble\nVERSION_CODENAME=noble\n";

const KEY = "/usr/share/keyrings/debian-archive-keyring.gpg";
const STANZA = `Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: ${KEY}\n`;
const BOOKWORM: AptArchive = { uri: "http://mirror.example/debian", distribution: "debian", codename: "bookworm", signedBy: KEY };

const inStanzas = (text: string, osRelease = DEBIAN) => parseAptSources([{ file: "debian.sources", text }], osRelease);
const inLines = (text: string, osRelease = DEBIAN) => parseAptSources([{ file: "sources.list", text }], osRelease);

suite("apt's sources in stanzas", () => {
  test("apt's sources in stanzas name the archive of the distribution, with its key", () => {
    const security = "Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nComponents: main\n";
    assert.deepEqual(inStanzas(`${security}\n${STANZA}`), BOOKWORM);
  });

  test("apt's sources in stanzas may have comments between fields, further types and fields in any case", () => {
    const text = "types: deb deb-src\n# http://snapshot.example/\nuris: http://mirror.example/debian\nSUITES: bookworm\n";
    assert.deepEqual(inStanzas(text), { ...BOOKWORM, signedBy: undefined });
  });

  test("apt's sources in stanzas do not count if they are disabled, commented out or for source packages only", () => {
    for (const off of ["no", "No", "false", "off"]) assert.equal(inStanzas(`${STANZA}Enabled: ${off}\n`), undefined, off);
    assert.deepEqual(inStanzas(`${STANZA}Enabled: yes\n`), BOOKWORM);
    assert.equal(inStanzas(STANZA.replaceAll(/^/gm, "# ")), undefined);
    assert.equal(inStanzas(STANZA.replace("deb\n", "deb-src\n")), undefined);
  });

  test("apt's sources in stanzas with a key in their text have no key file", () => {
    const text = `${STANZA.replace(/Signed-By.*\n/, "")}Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n`;
    assert.equal(inStanzas(text)?.signedBy, undefined);
  });

  test("apt's sources in stanzas may name a list of mirrors", () => {
    const text = "Types: deb\nURIs: mirror+file:/etc/apt/apt-mirrors.txt\nSuites: noble noble-updates\nComponents: main universe\n";
    assert.deepEqual(inStanzas(text, UBUNTU), {
      uri: "mirror+file:/etc/apt/apt-mirrors.txt",
      distribution: "ubuntu",
      codename: "noble",
      signedBy: undefined,
    });
  });
});

suite("apt's sources in lines", () => {
  test("apt's sources in lines name the archive, with and without options", () => {
    assert.deepEqual(inLines("deb http://mirror.example/debian bookworm main contrib\n"), { ...BOOKWORM, signedBy: undefined });
    assert.deepEqual(inLines(`  deb [arch=amd64 signed-by=${KEY}] http://mirror.example/debian bookworm main`), BOOKWORM);
    assert.deepEqual(inLines(`deb [ signed-by=${KEY} arch=amd64 ]   http://mirror.example/debian\tbookworm main`), BOOKWORM);
  });

  test("apt's sources in lines count even if they name `sid`, `unstable` or `testing`", () => {
    const forky = "ID=debian\nVERSION_CODENAME=forky\n";
    for (const suite of ["sid", "unstable", "testing"]) {
      assert.equal(inLines(`deb http://mirror.example/debian ${suite} main\n`, forky)?.uri, "http://mirror.example/debian", suite);
    }
    const browser = "deb https://browser.example/linux/deb stable main\ndeb http://mirror.example/debian/ sid main\n";
    assert.equal(inLines(browser, forky)?.uri, "http://mirror.example/debian/");
    const both = "deb http://others.example/debian sid main\ndeb http://mirror.example/debian forky main\n";
    assert.equal(inLines(both, forky)?.uri, "http://mirror.example/debian");
  });

  test("apt's sources in lines do not count if they are comments, of source code, or of another suite", () => {
    for (const line of [
      "# deb http://x bookworm main",
      "deb-src http://x bookworm main",
      "deb http://x bookworm-security main",
      "deb http://x",
    ]) {
      assert.equal(inLines(line), undefined, line);
    }
  });
});

suite("the archive", () => {
  test("the distribution's archive is its own, even if others name their suites alike and come first", () => {
    const own = {
      file: "/etc/apt/sources.list.d/ubuntu.sources",
      text: "Types: deb\nURIs: http://own.example/ubuntu\nSuites: noble noble-updates\n",
    };
    const other = {
      file: "/etc/apt/sources.list.d/microsoft-prod.list",
      text: "deb [arch=amd64] https://other.example/ubuntu/prod noble main\n",
    };
    assert.equal(parseAptSources([other, own], UBUNTU)?.uri, "http://own.example/ubuntu");
    const lines = "deb https://docker.example/debian bookworm stable\ndeb http://own.example/debian bookworm main\n";
    assert.equal(inLines(`${lines}deb http://own.example/debian bookworm-updates main\n`)?.uri, "http://own.example/debian");
  });

  test("the distribution's archive is unknown on other systems, and where no source of apt's names this release", () => {
    assert.equal(inStanzas(STANZA, "ID=fedora\nVERSION_CODENAME=bookworm\n"), undefined);
    assert.equal(inStanzas(STANZA, "ID=debian\n"), undefined);
    assert.equal(inStanzas(STANZA, DEBIAN.replaceAll("bookworm", "trixie")), undefined);
    assert.equal(parseAptSources([], DEBIAN), undefined);
    assert.equal(parseAptSources([{ file: "sources.list", text: "" }], ""), undefined);
  });
});

suite("the lines of our own list of sources", () => {
  test("our own list of apt's sources has source code only, of this release and of newer ones", () => {
    const lines = sourceLines(BOOKWORM).map((line) => line.trim());
    assert.ok(lines.every((line) => line.startsWith(`deb-src [signed-by=${KEY}] http://mirror.example/debian `)));
    assert.equal(lines[0], `deb-src [signed-by=${KEY}] http://mirror.example/debian bookworm main`);
    assert.ok(lines.some((line) => line.endsWith(" testing main")) && lines.some((line) => line.endsWith(" unstable main")));
  });

  test("our own list of apt's sources has no key if the archive has none, and includes Ubuntu's second component", () => {
    const lines = sourceLines({ uri: "http://u", distribution: "ubuntu", codename: "noble", signedBy: undefined });
    assert.equal(lines[0]?.trim(), "deb-src http://u noble main universe");
  });

  test("our own list of apt's sources names each suite once", () => {
    const lines = sourceLines({ ...BOOKWORM, codename: "testing" });
    assert.equal(new Set(lines).size, lines.length);
  });
});
