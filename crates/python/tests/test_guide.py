"""The guide runs as it stands, and draws its pictures.

DETENTE names the program. PICTURES names the folder that the pictures are to be kept in: docs/pictures.
"""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

PROGRAM = os.environ.get("DETENTE", "detente")
ROOT = pathlib.Path(__file__).resolve().parents[3]
#: Letters stay letters, and the same picture has the same bytes.
STYLE = """
import matplotlib
matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "detente", "svg.fonttype": "none", "font.size": 9})
"""


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.S)


def test_the_guide_runs(tmp_path: pathlib.Path) -> None:
    pytest.importorskip("matplotlib")
    page = (ROOT / "docs/python.md").read_text().split("## Archives on Spark")[0]
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    subprocess.run([PROGRAM, "init", "--sample", "--store", "detente.db"], cwd=tmp_path, check=True, capture_output=True)
    code = "\n".join(blocks(page, "python"))
    assert code.count("savefig") == 2
    # What is drawn is not nothing.
    code += '\nassert counts.to_numpy().sum() > 20 and series["tension"].any() and series["usual_high"].notna().any()\n'
    code = STYLE + code.replace('.svg")', '.svg", metadata={"Date": None, "Creator": None})')
    done = subprocess.run([sys.executable, "-W", "error::SyntaxWarning", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "published is \"18 July\"" in done.stdout and "ISR" in done.stdout
    for picture in ["pairs.svg", "dyad.svg"]:
        assert (tmp_path / picture).stat().st_size > 1000
        assert (ROOT / "docs/pictures" / picture).exists()
        if folder := os.environ.get("PICTURES"):
            shutil.copy(tmp_path / picture, folder)


def test_the_guide_runs_in_r(tmp_path: pathlib.Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not here")
    store = str(tmp_path / "detente.db")
    subprocess.run([PROGRAM, "init", "--sample", "--store", store], check=True, capture_output=True)
    export = ["export", "--format", "parquet", "--by-year", "--store", store, "-o", str(tmp_path / "events")]
    subprocess.run([PROGRAM, *export], check=True, capture_output=True)
    (code,) = blocks((ROOT / "docs/python.md").read_text(), "r")
    code = 'for (p in c("arrow", "dplyr", "ggplot2")) if (!requireNamespace(p, quietly = TRUE)) quit(status = 77)\n' + code
    done = subprocess.run(["Rscript", "-e", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    if done.returncode == 77:
        pytest.skip("R has no arrow, dplyr and ggplot2")
    assert done.returncode == 0, done.stderr
