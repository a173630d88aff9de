#!/usr/bin/env python3
"""Find the stars of a simulated night sky, and say how many of them were found.

Draws a sky image (background with a gradient, stars as seen through the air, photon and read-out
noise), extracts its sources as SExtractor does (the library ``sep``), writes them as a catalogue
and compares them with what was drawn.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import time
from pathlib import Path

import numpy as np
import sep

SIZE_PIXELS = 1024
SEEING_SIGMA_PIXELS = 1.6
SKY_ELECTRONS = 200.0
READ_NOISE_ELECTRONS = 6.0
DETECTION_SIGMA = 1.5
MATCH_PIXELS = 2.0
Truth = dict[str, np.ndarray]


def draw_sky(random: np.random.Generator, stars: int) -> tuple[np.ndarray, Truth]:
    """Return an image in electrons, float32 of shape (y, x), and the stars drawn into it."""
    truth = {
        "x": random.uniform(20, SIZE_PIXELS - 20, stars),
        "y": random.uniform(20, SIZE_PIXELS - 20, stars),
        # Many faint stars and few bright ones: number counts rise as flux^-1.5.
        "flux": 300.0 * random.uniform(size=stars) ** (-1 / 1.5),
    }
    rows, columns = np.mgrid[0:SIZE_PIXELS, 0:SIZE_PIXELS]
    image = SKY_ELECTRONS * (1 + 0.2 * columns / SIZE_PIXELS + 0.1 * rows / SIZE_PIXELS)
    half = 12
    offsets = np.arange(-half, half + 1)
    for x, y, flux in zip(truth["x"], truth["y"], truth["flux"], strict=True):
        column, row = round(x), round(y)
        across = np.exp(-0.5 * ((column + offsets - x) / SEEING_SIGMA_PIXELS) ** 2)
        along = np.exp(-0.5 * ((row + offsets - y) / SEEING_SIGMA_PIXELS) ** 2)
        stamp = flux * np.outer(along, across) / (2 * np.pi * SEEING_SIGMA_PIXELS**2)
        image[row - half : row + half + 1, column - half : column + half + 1] += stamp
    noisy = random.poisson(image) + random.normal(0, READ_NOISE_ELECTRONS, image.shape)
    return noisy.astype(np.float32), truth


def extract(image: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the sources of an image with the flux of each, and its error, in electrons."""
    background = sep.Background(image)
    without = image - background.back()
    sources = sep.extract(without, DETECTION_SIGMA, err=background.rms())
    flux, error, _ = sep.sum_circle(
        without, sources["x"], sources["y"], 3 * SEEING_SIGMA_PIXELS, err=background.rms()
    )
    return sources, flux, error


def is_found(truth: Truth, sources: np.ndarray) -> np.ndarray:
    """Tell for each star drawn whether a source lies within two pixels of it."""
    if len(sources) == 0:
        return np.zeros(len(truth["x"]), dtype=bool)
    across = truth["x"][:, None] - sources["x"][None, :]
    along = truth["y"][:, None] - sources["y"][None, :]
    nearest: np.ndarray = np.hypot(across, along).min(axis=1)
    return nearest < MATCH_PIXELS


def write_catalogue(path: Path, sources: np.ndarray, flux: np.ndarray, error: np.ndarray) -> None:
    """Write one line a source, brightest first."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["x_pixels", "y_pixels", "flux_electrons", "flux_error_electrons"])
        for i in np.argsort(-flux):
            numbers = (sources["x"][i], sources["y"][i], flux[i], error[i])
            writer.writerow([f"{number:.3f}" for number in numbers])


def main() -> None:
    """Draw, extract, write, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="of all random numbers")
    parser.add_argument("--stars", type=int, default=2000, help="how many are drawn")
    given = parser.parse_args()
    begin = time.perf_counter()
    image, truth = draw_sky(np.random.default_rng(given.seed), given.stars)
    print(f"Drew {given.stars} stars on {SIZE_PIXELS} x {SIZE_PIXELS} pixels")
    sources, flux, error = extract(image)
    print(f"Extracted {len(sources)} sources")
    path = Path(os.environ.get("BATCH_RUN_DIRECTORY", ".")) / "catalogue.csv"
    write_catalogue(path, sources, flux, error)
    print(f"Catalogue: {path}")
    found = is_found(truth, sources)
    print("Completeness by flux in electrons:")
    edges = [300, 500, 1000, 2000, 5000, np.inf]
    for low, high in itertools.pairwise(edges):
        inside = (truth["flux"] >= low) & (truth["flux"] < high)
        share = f"{found[inside].mean():6.1%}" if inside.any() else "     -"
        print(f"  {low:>5} to {high:>5}: {share} of {inside.sum()}")
    print(f"Completeness: {found.mean() if len(found) else 0:.1%} of all stars")
    print(f"Took {time.perf_counter() - begin:.1f} s")


if __name__ == "__main__":
    main()
