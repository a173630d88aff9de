"""What a cell does once it is connected: compare the versions on both sides."""

from __future__ import annotations

from typing import Final

_CODE: Final = """\

# Work is sent as pickles, which other versions may not read, and Dask does not say so.
_versions = client.get_versions()
_here = _versions["client"]["packages"]
_there = [one["packages"] for one in (_versions["scheduler"], *_versions["workers"].values())]
_differing = {{
    f"{{name}} is {{_here.get(name)}} in this notebook and {{one.get(name)}} on the cluster"
    for name in ("python", "dask", "distributed", "cloudpickle", "numpy")
    for one in _there
    if one.get(name) != _here.get(name)
}}
if _differing:
    print("Versions differ, and work may fail:", *sorted(_differing), sep="\\n  ")
    print({advice!r})
client
"""


def comparing(advice: str) -> str:
    """Return the end of a cell that has made ``client``.

    Parameters
    ----------
    advice
        For a person: what to do if they differ.
    """
    return _CODE.format(advice=advice)
