"""Maps addresses of this process to functions, with the symbol tables of the mapped files (elf(5))."""

import bisect
import os
import struct

SHT_SYMTAB, SHT_DYNSYM, STT_FUNC, ET_EXEC = 2, 11, 2, 2


class Image:
    """A program or library mapped at `base`."""

    def __init__(self, path, base):
        self.path = path
        self.functions = []
        try:
            with open(path, "rb") as file:
                is_fixed, self.functions = read_functions(file.read())
        except (OSError, struct.error):
            is_fixed = False
        # A program that is not position independent has absolute addresses.
        self.base = 0 if is_fixed else base
        self.starts = [start for start, _, _ in self.functions]

    def name_at(self, address):
        offset = address - self.base
        index = bisect.bisect_right(self.starts, offset) - 1
        if index >= 0 and offset < self.functions[index][1]:
            return self.functions[index][2]
        return None

    def ranges(self, chosen):
        """The address ranges of the functions whose names `chosen` accepts."""
        return [(self.base + start, self.base + end) for start, end, name in self.functions if chosen(name)]


def read_functions(elf):
    """Returns whether addresses are fixed, and (start, end, name) of each function, sorted."""
    if elf[:6] != b"\x7fELF\x02\x01":
        return False, []
    (kind,) = struct.unpack_from("<H", elf, 16)
    (section_table,) = struct.unpack_from("<Q", elf, 40)
    size, count = struct.unpack_from("<HH", elf, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", elf, section_table + index * size) for index in range(count)]
    tables = {section[1]: section for section in sections}
    table = tables.get(SHT_SYMTAB) or tables.get(SHT_DYNSYM)
    functions = []
    if table:
        names = sections[table[6]]
        for name, info, _, _, start, length in struct.iter_unpack("<IBBHQQ", elf[table[4] : table[4] + table[5]]):
            if info & 15 == STT_FUNC and length > 0:
                begin = names[4] + name
                functions.append((start, start + length, elf[begin : elf.index(0, begin)].decode(errors="replace")))
    functions.sort()
    return kind == ET_EXEC, functions


def mapped_code():
    """(start, end, path, base) of each file's code in this process, sorted; `base` is the address of the file's first byte."""
    bases, code = {}, []
    with open("/proc/self/maps") as maps:
        for line in maps:
            fields = line.split(maxsplit=5)
            if len(fields) < 6 or not fields[5].startswith("/"):
                continue
            start, end = (int(address, 16) for address in fields[0].split("-"))
            path = fields[5].rstrip("\n")
            base = bases.setdefault(path, start - int(fields[2], 16))
            if "x" in fields[1]:
                code.append((start, end, path, base))
    return code


class Symbols:
    def __init__(self):
        self.images = {}
        self.code = []
        self.refresh()

    def refresh(self):
        """Adds files that were loaded since."""
        self.code = mapped_code()
        self.starts = [start for start, _, _, _ in self.code]

    def image_at(self, address):
        index = bisect.bisect_right(self.starts, address) - 1
        if index < 0 or address >= self.code[index][1]:
            return None
        _, _, path, base = self.code[index]
        if path not in self.images:
            self.images[path] = Image(path, base)
        return self.images[path]

    def all_images(self):
        return [self.image_at(start) for start in self.starts]

    def name_of(self, return_address):
        """The function that made a call, without compiler suffixes."""
        image = self.image_at(return_address - 1)
        name = image and image.name_at(return_address - 1)
        return name.partition(".")[0] if name else f"({os.path.basename(image.path) if image else 'unknown'})"

    def place_of(self, return_address):
        """(path, offset) of a call, in the leak sanitizer's format."""
        image = self.image_at(return_address - 1)
        return (image.path, return_address - 1 - image.base) if image else (None, return_address - 1)

    def function_at(self, path, offset):
        """The function at an address, like `name_of`."""
        image = self.image_of(path)
        name = image and image.name_at(image.base + offset)
        return name.partition(".")[0] if name else f"({os.path.basename(path or 'unknown')})"

    def image_of(self, path):
        for start, _, mapped, _ in self.code:
            if mapped == path:
                return self.image_at(start)
        return None
