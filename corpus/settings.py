"""Every knob and limit in one table, read once from ``FAWEN_*`` variables.

A test compares the fields below with the table in the README.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path

from corpus.errors import InputError

ROOT = Path(__file__).resolve().parent


def default_index_dir() -> Path:
    """Return the index's place when none is given: the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "fawen" / "index"


@dataclass(frozen=True, slots=True)
class Settings:
    """One field a variable: ``FAWEN_`` + the field's name in capitals."""

    index: Path = Path()
    model: Path = ROOT.parent / "ingest" / "model"
    host: str = "127.0.0.1"
    port: int = 7860
    court: str = "法问 FaWen"
    max_question_chars: int = 2000
    results: int = 10
    threads: int = 2


def from_environment(environ: dict[str, str] | None = None) -> Settings:
    """Read settings; raise InputError on a value of the wrong type."""
    env = dict(os.environ) if environ is None else environ
    values: dict[str, object] = {}
    for knob in fields(Settings):
        raw = env.get(f"FAWEN_{knob.name.upper()}")
        if raw is None or raw == "":
            continue
        convert = {"Path": Path, "int": int, "str": str}[str(knob.type)]
        try:
            values[knob.name] = convert(raw)
        except ValueError as error:
            name = f"FAWEN_{knob.name.upper()}"
            raise InputError(
                f"环境变量 {name} 应为整数，现为“{raw}”，请改正后重试。",
                f"The variable {name} must be a whole number, not “{raw}”; correct it and try again.",
            ) from error
    values.setdefault("index", default_index_dir())
    return Settings(**values)  # type: ignore[arg-type]
