"""Surfaces that tests write: columns as a run has them, changed."""

import h5py
import numpy as np


def read_surface(path):
    """Columns of the first surface, its attributes, those of the file."""
    with h5py.File(path) as file:
        columns = {name: values[()] for name, values in file["surface"].items() if name != "slabs"}
        return columns, dict(file["surface"].attrs), dict(file.attrs)


def write_surface(path, columns, attributes, root):
    """With an index that has a line, and so a checksum, for each element."""
    rows = np.stack([columns[name] for name in attributes["columns"].split()], axis=1)
    slabs = np.zeros(len(rows), [("step", "i8"), ("offset", "i8"), ("count", "i8"), ("crc64", "u8")])
    slabs["offset"], slabs["count"], slabs["crc64"] = np.arange(len(rows)), 1, crc64(rows.view(np.uint8))
    with h5py.File(path, "w") as file:
        file.attrs.update(root)
        file.create_group("surface").attrs.update(attributes)
        for name, values in {**columns, "slabs": slabs}.items():
            file["surface"][name] = values


def crc64(rows):
    """CRC-64/XZ of each row of bytes."""
    one, byte = np.uint64(1), np.uint64(8)
    table = np.arange(256, dtype=np.uint64)
    for _ in range(8):
        table = (table >> one) ^ (np.uint64(0xC96C5795D7870F42) * (table & one))
    crc = np.full(len(rows), ~np.uint64(0))
    for column in np.ascontiguousarray(rows.T):
        crc = (crc >> byte) ^ table[(crc ^ column) & np.uint64(255)]
    return ~crc
