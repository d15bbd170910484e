"""Prints the rows of an Arrow IPC stream, times without their zone, after a full check of the stream.

    python tools/dataframes/read-arrow.py frame.arrows
"""

import datetime
import sys

import pyarrow as pa

if __name__ == "__main__":
    table = pa.ipc.open_stream(sys.argv[1]).read_all()
    table.validate(full=True)
    for row in table.to_pylist():
        print({name: value.replace(tzinfo=None) if isinstance(value, datetime.datetime) else value for name, value in row.items()})
