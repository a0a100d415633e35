"""Small projects for tests, and the two ways to build them."""

import datetime as dt
import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

from feeds.__main__ import main as start
from feeds.build import Built, Choices, build
from feeds.cli import main
from feeds.config import load_settings

CHECKOUT = Path(__file__).parents[1]
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
SETTINGS = '[site]\ntitle = "Blog"\nurl = "https://blog.example/"\n'


def post(text: str = "Text.\n", **fields: str) -> str:
    """A Markdown file: front matter as given, `date` unless another is, and a text."""
    lines = [f"{key}: {value}" for key, value in {"date": "2026-11-01", **fields}.items()]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{text}"


def write_files(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """The files, by path below the root, which is given back."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def blog(root: Path, posts: Mapping[str, str | bytes], settings: str = SETTINGS) -> Path:
    """A project without a generator's configuration: posts by file name, and its settings."""
    files = {f"content/posts/{name}": text for name, text in posts.items()}
    return write_files(root, {"feeds.toml": settings, **files})


def material_blog(root: Path, posts: Mapping[str, str | bytes], config: str = "") -> Path:
    """A blog made with Material for MkDocs: posts by file name, and more lines for its mkdocs.yml."""
    files = {f"docs/blog/posts/{name}": text for name, text in posts.items()}
    head = "site_name: Blog\nsite_url: https://blog.example/\n"
    return write_files(root, {"mkdocs.yml": head + (config or "plugins: [blog]\n"), **files})


def build_project(root: Path, now: dt.datetime = NOW, **choices: object) -> Built:
    """Build in this process, with the settings that the project has."""
    overrides = {"site.output": choices.pop("output", None), "feeds.limit": choices.pop("limit", None)}
    settings = load_settings(root, overrides=overrides, environ={})  # type: ignore[arg-type]
    own = overrides["site.output"] is not None
    return build(settings, Choices(now, own_output=own, **choices))  # type: ignore[arg-type]


def run(
    arguments: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "feeds", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", **(env or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def run_here(arguments: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, which is quicker: what it prints, and what it would exit with."""
    stdout, stderr, before, code = io.StringIO(), io.StringIO(), sys.argv, 0
    try:
        sys.argv = ["feeds", *arguments]
        with chdir(cwd), redirect_stdout(stdout), redirect_stderr(stderr):
            main()
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        sys.argv = before
    return subprocess.CompletedProcess(arguments, code, stdout.getvalue(), stderr.getvalue())


def feeds_here(arguments: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same by way of what comes before the command, which may know that there is nothing to do."""
    before, code = sys.argv, 0
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    try:
        sys.argv = ["feeds", *arguments]
        with chdir(cwd), redirect_stdout(stdout), redirect_stderr(stderr):
            start()
    except SystemExit as done:
        code = int(done.code or 0)
    finally:
        sys.argv = before
    printed = (stream.buffer.getvalue().decode() for stream in (stdout, stderr))  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(arguments, code, *printed)


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
