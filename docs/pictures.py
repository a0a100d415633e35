"""The pictures of the README, taken from the sample blog by Chromium: `python docs/pictures.py`.

It needs Chromium, and what `feeds preview` needs (`pip install '.[preview]'`). The pictures differ a little
from one machine to the next, as their fonts do.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PICTURES = CHECKOUT / "docs" / "pictures"
NOW = "2026-11-27"
SECONDS = 60
TRIES = 10
FEEDS = (sys.executable, "-m", "feeds")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --lang=en --font-render-hinting=none "
    "--force-device-scale-factor=2"
).split()


@dataclass(frozen=True)
class Picture:
    """A picture: the file's name, what it shows, width and height of that in CSS pixels.

    A path that begins with `/` is what the preview has there, any other a file that a build writes.
    """

    name: str
    path: str
    width: int
    height: int
    dark: bool = False


WANTED = (
    Picture("letter-light.png", "/letter/wide", 680, 900),
    Picture("letter-dark.png", "/letter/dark", 680, 900, dark=True),
    Picture("preview.png", "/", 1200, 680),
    Picture("subscribe.png", "public/subscribe/index.html", 800, 900),
)


@contextmanager
def sample() -> Iterator[Path]:
    """A folder with the sample blog, built."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(CHECKOUT / "content", project / "content")
        shutil.copy(CHECKOUT / "pyproject.toml", project)
        subprocess.run([*FEEDS, "build", "--quiet", "--now", NOW], cwd=project, check=True)
        yield project


@contextmanager
def previewing(project: Path) -> Iterator[str]:
    """The address of a preview of the project, once it has built it."""
    with subprocess.Popen(
        [*FEEDS, "preview", "--now", NOW], cwd=project, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            lines = iter(process.stdout.readline, "")
            address = next(lines, "?").split()[0].rstrip("/")
            if not next(lines, "").startswith("built: "):
                sys.exit("the preview does not start")
            yield address
        finally:
            process.kill()


def take(chromium: str, address: str, picture: Picture) -> Path:
    """Let Chromium show an address, and keep what it shows once that is twice the same: parts may be late."""
    file = PICTURES / picture.name
    before = b""
    for _ in range(TRIES):
        shoot(chromium, address, picture, file)
        if file.read_bytes() == before:
            return file
        before = file.read_bytes()
    sys.exit(f"Chromium never showed {picture.path} twice alike")


def shoot(chromium: str, address: str, picture: Picture, file: Path) -> None:
    """Take a picture, with a profile of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        arguments = [f"--user-data-dir={profile}", f"--window-size={picture.width},{picture.height}"]
        arguments += ["--blink-settings=preferredColorScheme=0"] if picture.dark else []
        arguments += [f"--screenshot={file}", address]
        done = subprocess.run(
            [chromium, *FLAGS, *arguments], capture_output=True, timeout=SECONDS, check=False
        )
    if done.returncode or not file.is_file():
        sys.exit(f"Chromium took no picture of {picture.path}\n{done.stderr.decode()}")


def squeeze(file: Path) -> None:
    """Make the file smaller, where a program for that is installed; what it shows stays the same."""
    if program := shutil.which("oxipng"):
        subprocess.run([program, "-q", "-o", "4", "--strip", "safe", file], check=True)
    elif program := shutil.which("optipng"):
        subprocess.run([program, "-quiet", "-strip", "all", file], check=True)


def main() -> None:
    """Take every picture, and say how large each is."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("Chromium is not installed")
    PICTURES.mkdir(exist_ok=True)
    with sample() as project, previewing(project) as address:
        for picture in WANTED:
            is_served = picture.path.startswith("/")
            shown = address + picture.path if is_served else (project / picture.path).as_uri()
            file = take(chromium, shown, picture)
            squeeze(file)
            print(f"{file.relative_to(CHECKOUT)}  {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
