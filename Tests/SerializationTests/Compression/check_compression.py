#!/usr/bin/env python3
"""Reads what our compressors wrote, and writes what ours shall read.

usage: check_compression.py DIRECTORY

For every NAME.plain of the directory there are NAME.zlib, NAME.zstd and NAME.lz4. Each must decompress to the plain bytes.
Then NAME.their-zlib, NAME.their-zstd, NAME.their-lz4 and NAME.their-stream (a zstd frame that does not say how long its
content is) are written. Prints the number of plain files; exits 1 and names the file when something differs.
"""

import pathlib
import sys
import zlib

import lz4.block
import zstandard


def main(directory):
    count = 0
    for path in sorted(pathlib.Path(directory).glob("*.plain")):
        plain = path.read_bytes()

        def ours(kind):
            return path.with_suffix("." + kind).read_bytes()

        decompressed = {
            "zlib": zlib.decompress(ours("zlib")),
            "zstd": zstandard.ZstdDecompressor().decompress(ours("zstd")),
            "lz4": lz4.block.decompress(ours("lz4")),
        }
        for kind, content in decompressed.items():
            if content != plain:
                sys.exit(f"{path.stem}.{kind} has {len(content)} other bytes than the {len(plain)} of {path.name}")
        stream = zstandard.ZstdCompressor(level=3).compressobj()
        theirs = {
            "zlib": zlib.compress(plain),
            "zstd": zstandard.ZstdCompressor(level=3).compress(plain),
            "lz4": lz4.block.compress(plain),
            "stream": stream.compress(plain) + stream.flush(),
        }
        for kind, content in theirs.items():
            path.with_suffix(".their-" + kind).write_bytes(content)
        count += 1
    print(count)


if __name__ == "__main__":
    main(sys.argv[1])
