"""The figures of the README, each measured beside a neighbour or the raw call in one run."""
