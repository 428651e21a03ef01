#!/usr/bin/env python3
"""Exchanges documents with PyPI's msgpack (1.1 or later) and cbor2 (5.6 or later).

Usage: check_formats.py FORMAT SWIFT_DOCUMENTS PYTHON_DOCUMENTS SEED

FORMAT is messagepack or cbor. Every line of SWIFT_DOCUMENTS is a document in hexadecimal, a space, and the value it
stands for in a notation that says its type (see `notation`); what the library reads must have the same notation. Writes
lines of the same form with random values, encoded by the library, to PYTHON_DOCUMENTS. Exit 0 when everything agrees,
1 with one line for each difference.
"""
import random
import struct
import sys

import cbor2
import msgpack


class Extension:
    def __init__(self, code, content):
        self.code, self.content = code, content


def notation(value):
    if value is None:
        return "n"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, float):
        return "d" + struct.pack(">d", value).hex()
    if isinstance(value, str):
        return "s" + value.encode().hex()
    if isinstance(value, bytes):
        return "b" + value.hex()
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(notation, value)) + "]"
    if isinstance(value, Extension):
        return f"x{value.code}:{value.content.hex()}"
    if isinstance(value, msgpack.Timestamp):
        return f"x-1:{value.to_bytes().hex()}"
    if isinstance(value, cbor2.CBORTag):
        return f"g{value.tag}({notation(value.value)})"
    if isinstance(value, cbor2.CBORSimpleValue):
        return f"u{value.value}"
    if value is cbor2.undefined:
        return "u23"
    return "{" + ",".join(f"{notation(k)}={notation(v)}" for k, v in value.items()) + "}"


def random_value(source, name, depth):
    kinds = ["null", "bool", "int", "int", "float", "string", "bytes"] + (["array", "map"] if depth > 0 else [])
    kinds += [] if name == "messagepack" else ["negative"] + (["tag", "simple"] if depth > 0 else [])
    kind = source.choice(kinds)
    length = source.choice([0, 1, 2, 3, 5, 15, 16, 23, 24, 31, 32, 255, 256]) if source.random() < 0.3 else 2
    if kind == "null":
        return None
    if kind == "bool":
        return source.random() < 0.5
    if kind == "int":
        return source.randrange(-2**63, 2**64) >> source.randrange(64)
    if kind == "negative":
        return -1 - source.randrange(2**63, 2**64)
    if kind == "float":
        return source.choice([source.random(), 1.5, -0.0, 1e300, float("inf"), float(source.randrange(1000)), 2.0**-24])
    if kind == "string":
        return "".join(source.choice("aé€𝄞\"\\\n") for _ in range(length))
    if kind == "bytes":
        return source.randbytes(length)
    if kind == "array":
        return [random_value(source, name, depth - 1) for _ in range(length % 40)]
    if kind == "map":
        return {f"{i}é": random_value(source, name, depth - 1) for i in range(length % 40)}
    if kind == "tag":
        return cbor2.CBORTag(source.randrange(10**6, 2**63), random_value(source, name, depth - 1))
    return cbor2.CBORSimpleValue(source.choice([0, 19, 32, 255]))


def decode(name, document):
    if name == "cbor":
        return cbor2.loads(document)
    return msgpack.unpackb(document, strict_map_key=False, ext_hook=Extension, timestamp=0)


def main():
    name, swift, python, seed = sys.argv[1:]
    differences = 0
    with open(swift) as lines:
        for number, line in enumerate(lines):
            document, expected = line.rstrip("\n").split(" ")
            found = notation(decode(name, bytes.fromhex(document)))
            if found != expected:
                differences += 1
                print(f"line {number}: {document[:200]} is {found[:200]}, expected {expected[:200]}")
    source = random.Random(int(seed))
    with open(python, "w") as output:
        for _ in range(400):
            value = random_value(source, name, 4)
            document = cbor2.dumps(value) if name == "cbor" else msgpack.packb(value)
            output.write(f"{document.hex()} {notation(value)}\n")
    sys.exit(1 if differences else 0)


main()
