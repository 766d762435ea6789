"""The bill of materials (CycloneDX) and the licences of what is deployed."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

SCRIPTS = Path(sys.executable).parent


def environment_of(site_packages: Path, python: Path, folder: Path) -> Path:
    """An environment in `folder` in which exactly what lies in `site_packages` is installed; its interpreter."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    (own,) = folder.glob("lib/python*/site-packages")
    (own / "package.pth").write_text(f"{site_packages}\n", "utf-8")
    return folder / "bin" / "python"


def write_bill(environment: Path, root: Path, folder: Path, target: Path) -> None:
    """Write the bill of materials of what an environment's interpreter finds. Its tool checks it against CycloneDX's
    schema. `folder` takes what the tool is told of muster."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    told = {name: project[name] for name in ("name", "version", "description", "license")}
    required = [line for line in _lines(root / "requirements.txt") if not line.startswith("#")]
    about = folder / "pyproject.toml"
    # JSON's strings and arrays of strings are TOML's as well.
    lines = [f"{name} = {json.dumps(value)}" for name, value in {**told, "dependencies": required}.items()]
    about.write_text("\n".join(["[project]", *lines, ""]), "utf-8")
    tool: list[str | Path] = [
        SCRIPTS / "cyclonedx-py",
        "environment",
        environment,
        "--pyproject",
        about,
        "--output-file",
        target,
    ]
    subprocess.run([*tool, "--output-format", "JSON", "--output-reproducible", "--validate"], check=True)


def write_licences(environment: Path, target: Path) -> None:
    """Write every package's licence, with its text, and its notice where it has one."""
    tool: list[str | Path] = [SCRIPTS / "pip-licenses", "--python", environment]
    form: list[str | Path] = [
        "--format",
        "json",
        "--from",
        "mixed",
        "--with-license-file",
        "--with-notice-file",
        "--no-license-path",
    ]
    listed = subprocess.run([*tool, *form], capture_output=True, check=True)
    sections = []
    for package in json.loads(listed.stdout):
        stated = [package["LicenseText"].strip(), package["NoticeText"].strip()]
        heading = f"{package['Name']} {package['Version']}: {package['License']}"
        sections.append(
            "\n\n".join([f"{heading}\n{'=' * len(heading)}", *(text for text in stated if text != "UNKNOWN")])
        )
    target.write_text("\n\n\n".join(sections) + "\n", "utf-8")


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
