"""Texts that do something where they are not taken to the letter."""

from __future__ import annotations

from pathlib import Path


def attacks(canary: Path) -> dict[str, str]:
    """Return texts by what they try; whoever falls for one makes a file in the folder."""
    touch = f"touch {canary}/"
    return {
        "SBATCH line": "a\n#SBATCH --partition=evil",
        "SBATCH line, CR": "a\r\n#SBATCH -p evil\r\n",
        "substitution": f"$({touch}substitution)",
        "backticks": f"`{touch}backticks`",
        "single quote": f"'; {touch}single; '",
        "double quote": f'"; {touch}double; "',
        "line": f"a\n{touch}line\n",
        "separator": f"; {touch}separator; #",
        "and": f"a && {touch}and",
        "pipe": f"a | {touch}pipe",
        "background": f"a & {touch}background &",
        "escape": f"\\'; {touch}escape; \\'",
        "arithmetic": f"$((a[$({touch}arithmetic)]))",
        "here document": f"END\n{touch}here\nEND",
        "wrap": f"--wrap={touch}wrap",
        "option": "-p evil",
        "end of options": "--",
        "assignment": f"PATH={canary} touch x",
        "JSON": '", "partition": "evil", "x": "',
        "python": f"'''\n__import__('os').system('{touch}python')\n'''",
        "name in python": f"x = __import__('os').system('{touch}python-name') #",
        "NUL": "a\0b",
        "100 kB": "x" * 100_000,
        "too long": "x" * 100_001,
        "right to left": "\u202etxt.exe",
        "isolate": "\u2066a\u2069",
        "emoji": "🔭 e\u0301 星",
        "half an emoji": "\ud83d",
        "line separator": "a\u2028b\u2029c\x85d",
        "terminal": "\x1b]0;evil\x07\x1b[31m",
        "pattern": "%j %x %% %n",
        "braces": "{plain} {0} {__class__}",
        "glob": "* ? [a-z] ~root ~",
        "way up": "../../../../../../tmp/evil",
        "encoded way up": "%2e%2e%2f%2e%2e%2f",
        "markup": "</script><script>alert(1)</script>",
        "formula": "=cmd|'/c calc'!A0",
        "blank": " ",
        "nothing": "",
    }
