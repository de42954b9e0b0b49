"""The arrows of the house: ui → qa → ingest → corpus, and nothing pickled."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["corpus", "ingest", "qa", "ui"]
FILES = [path for package in ORDER for path in sorted((ROOT / package).glob("*.py"))]
BANNED = {"pickle", "joblib", "shelve", "marshal", "langchain_community", "dill", "cloudpickle"}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name.split(".")[0] for name in found}


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_package_imports_only_those_below_it(path: Path) -> None:
    above = set(ORDER[ORDER.index(path.parent.name) + 1 :])
    assert not imports(path) & above


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_no_code_hides_in_data(path: Path) -> None:
    assert not imports(path) & BANNED
    text = path.read_text("utf-8")
    assert "allow_pickle=True" not in text and "trust_remote_code=True" not in text
    calls = [
        n.func.id
        for n in ast.walk(ast.parse(text))
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    ]
    assert not {"eval", "exec"} & set(calls)
