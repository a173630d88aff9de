"""A real Dask Gateway for tests in a browser: it lives until its standard input is closed.

A line `pause` there lets it hang, any other lets it go on.

Usage: python -m tests.gateways.clusters.serve FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.gateways.clusters.daskserver import DaskGatewayServer


def main(folder: str) -> None:
    """Start it, say where it is in one line of JSON, and end it when nobody listens any more."""
    server = DaskGatewayServer(Path(folder), patience_seconds=600)
    server.start()
    try:
        told = {"url": server.url, "secret_file": str(server.secret_file)}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        for line in sys.stdin:
            server.pause(is_paused=line.strip() == "pause")
    finally:
        server.close()


if __name__ == "__main__":
    main(sys.argv[1])
