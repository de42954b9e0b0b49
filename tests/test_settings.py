"""Settings: one table, and the README says the same."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from corpus.errors import InputError
from corpus.settings import Settings, from_environment

README = Path(__file__).resolve().parent.parent / "README.md"


def test_the_readme_lists_every_setting_and_no_other() -> None:
    table = set(re.findall(r"^\| `(FAWEN_\w+)` \|", README.read_text("utf-8"), re.MULTILINE))
    assert table == {f"FAWEN_{field.name.upper()}" for field in fields(Settings)}


def test_the_readme_tree_names_files_that_exist() -> None:
    tree = re.search(r"```text\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    assert tree is not None
    folder = ""
    named = set()
    for line in tree[1].splitlines():
        name, *words = line.split()
        folder = name if not line.startswith(" ") else folder
        path = README.parent / (name if folder == name else folder + name)
        assert path.exists(), line
        assert len(words) <= 8, line
        named.add(path.resolve())
    code = {p for package in ("corpus", "ingest", "qa", "ui") for p in (README.parent / package).glob("*.py")}
    assert {p.name for p in code - named} <= {"__init__.py", "__main__.py"}


def test_values_are_read_and_wrong_ones_named() -> None:
    assert from_environment({"FAWEN_PORT": "8000", "FAWEN_INDEX": "/x"}).port == 8000
    with pytest.raises(InputError, match="FAWEN_THREADS"):
        from_environment({"FAWEN_THREADS": "two"})
