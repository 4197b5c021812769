"""The container image: its recipe has no faults, and its install steps work as they stand."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def hadolint(dockerfile: Path) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if tool is None:
        pytest.skip("hadolint is packaged for Linux only")
    return subprocess.run((tool, "--no-color", str(dockerfile)), capture_output=True, text=True)


def test_the_dockerfile_has_no_faults(project: Path) -> None:
    result = hadolint(project / "Dockerfile")
    assert result.returncode == 0, result.stdout


def test_a_fault_would_be_found(project: Path, tmp_path: Path) -> None:
    faulty = tmp_path / "Dockerfile"
    text = (project / "Dockerfile").read_text()
    faulty.write_text(text.replace("FROM python:3.13-slim\n", "FROM python\n"))
    assert "DL3006" in hadolint(faulty).stdout


def build_stage(dockerfile: str) -> list[tuple[str, str]]:
    """The COPY and RUN steps of the first stage."""
    stage = dockerfile.replace("\\\n", " ").split("\nFROM ")[0]
    steps = (line.partition(" ") for line in stage.splitlines())
    return [(step, rest) for step, _, rest in steps if step in ("COPY", "RUN")]


@pytest.fixture(scope="module")
def image(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The environment that the first stage makes, with this Python instead of the image's."""
    root = tmp_path_factory.mktemp("image")
    source, environment = root / "src", root / "standoff"
    source.mkdir()
    for step, rest in build_stage((project / "Dockerfile").read_text()):
        if step == "COPY":
            copy(project, source, rest.split())
        else:
            command = adapted(rest).replace("/opt/standoff", str(environment))
            subprocess.run(command, shell=True, cwd=source, check=True, timeout=240)
    return environment


def adapted(command: str) -> str:
    """A RUN step for this machine: its Python; and uv for pip where the network is needed.

    uv installs the same pinned and hashed files as pip, in seconds instead of minutes.
    """
    command = re.sub(r"^python ", f"{sys.executable} ", command)
    with_hashes = r"^(\S+)/bin/pip install --no-cache-dir (?=--require-hashes)"
    return re.sub(with_hashes, rf"{sys.executable} -m uv pip install -q --python \1 ", command)


def copy(project: Path, target: Path, names: list[str]) -> None:
    *sources, folder = names
    for name in sources:
        path = project / name
        if path.is_dir():
            shutil.copytree(path, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (target / folder).mkdir(exist_ok=True)
            shutil.copy(path, target / folder)


def test_the_installed_command_starts_and_checks(image: Path, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    for words in (["--help"], ["check"]):
        done = subprocess.run(
            (image / "bin" / "standoff", *words),
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_data_file_of_the_packages_is_installed(image: Path, project: Path) -> None:
    [packages] = image.glob("lib/python3*/site-packages")
    tracked = subprocess.run(
        ("git", "ls-files", "bot", "adapters", "config"),
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    data = [name for name in tracked if name and not name.endswith(".py")]
    assert data
    assert [name for name in data if not (packages / name).is_file()] == []
