"""Judge a cross-match by comparing each source of one survey with each of the other.

Run by a Python with pandas: ``brute_force.py CATALOGUES RADIUS_ARCSEC PAIRS...``. Prints for each
file of pairs how many rows it has, and how many of the right ones are not among them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

_AT_A_TIME = 500
_ARCSEC = np.pi / 180 / 3600


def unit_vectors(survey: pd.DataFrame) -> np.ndarray:
    """Return where on the sphere the sources are, a row each."""
    ra, dec = np.radians(survey["ra"].to_numpy()), np.radians(survey["dec"].to_numpy())
    return np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def nearest(left: pd.DataFrame, right: pd.DataFrame, radius_arcsec: float) -> pd.DataFrame:
    """Return for each source of the left survey the nearest one of the right within a radius.

    All are compared with all: no tree, no tile.
    """
    there = unit_vectors(right)
    found = []
    for first in range(0, len(left), _AT_A_TIME):
        some = left.iloc[first : first + _AT_A_TIME]
        here = unit_vectors(some)
        best = np.argmax(here @ there.T, axis=1)
        chord = np.linalg.norm(here - there[best], axis=1)
        arcsec = 2 * np.arcsin(chord / 2) / _ARCSEC
        near = pd.DataFrame(
            {
                "id_infrared": some["id"].to_numpy(),
                "id_optical": right["id"].to_numpy()[best],
                "arcsec": arcsec,
            }
        )
        found.append(near[arcsec <= radius_arcsec])
    return pd.concat(found).sort_values("id_infrared", ignore_index=True)


def compared(right: pd.DataFrame, path: str) -> dict[str, object]:
    """Return in what a file of pairs differs from what is right."""
    pairs = pd.read_parquet(path).sort_values("id_infrared", ignore_index=True)
    ids = ["id_optical", "id_infrared"]
    joined = right.merge(pairs, on=ids, how="left")
    same = len(pairs) == len(right) and bool((pairs[ids] == right[ids]).all(axis=None))
    return {
        "rows": len(pairs),
        "is_same": same,
        "missing": int(joined["_dist_arcsec"].isna().sum()),
        "most_arcsec_off": float((joined["_dist_arcsec"] - joined["arcsec"]).abs().max()),
    }


def main() -> None:
    """Compare all files of pairs."""
    folder, radius_arcsec, *files = sys.argv[1:]
    left, right = (
        pd.read_parquet(Path(folder, f"{name}.parquet")) for name in ("infrared", "optical")
    )
    found = nearest(left, right, float(radius_arcsec))
    told = {"rows": len(found), "files": [compared(found, path) for path in files]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
