"""Secrets made by the machine itself."""

import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import secrets


def test_a_secret_is_made_once_and_kept_for_its_owner_only(tmp_path: Path):
    folder = tmp_path / "with a space"
    first = secrets.kept("door", folder)

    assert len(first) == 43
    assert secrets.kept("door", folder) == first
    assert secrets.kept("window", folder) != first
    assert secrets.kept("door", tmp_path / "elsewhere") != first
    assert stat.S_IMODE((folder / "secrets" / "door").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700


def test_everybody_who_asks_at_the_same_moment_gets_the_same_secret(tmp_path: Path, monkeypatch):
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(16) as pool:
            for name in map(str, range(20)):
                assert len(set(pool.map(lambda _, n=name: secrets.kept(n, tmp_path), range(16)))) == 1
    finally:
        sys.setswitchinterval(interval)
    assert sorted(path.name for path in (tmp_path / "secrets").iterdir()) == sorted(map(str, range(20)))


def test_a_secret_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        secrets.kept("door", tmp_path)
    assert list((tmp_path / "secrets").iterdir()) == []
