import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from feeds.lazily import absent, postponed


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module that tells when it is loaded."""
    (tmp_path / "heavy.py").write_text("import told\ntold.times += 1\nanswer = 42\n")
    (tmp_path / "told.py").write_text("times = 0\n")
    (tmp_path / "library.py").write_text("import heavy\n\ndef ask():\n    return heavy.answer\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("heavy", "told", "library"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("module")
def test_a_module_is_loaded_when_something_in_it_is_asked_for():
    import told

    with postponed("heavy"):
        import library

        assert told.times == 0
    assert told.times == 0
    assert library.ask() == 42
    assert library.ask() == 42
    assert told.times == 1


@pytest.mark.usefixtures("module")
def test_a_second_import_asks_for_nothing():
    import told

    with postponed("heavy"):
        import heavy
    import heavy

    assert told.times == 0
    assert heavy.answer == 42
    assert told.times == 1


@pytest.mark.usefixtures("module")
def test_what_is_not_in_the_module_is_missed():
    with postponed("heavy"):
        import heavy
    assert not hasattr(heavy, "question")
    assert heavy.answer == 42


@pytest.mark.usefixtures("module")
def test_no_thread_sees_a_module_that_is_half_loaded(tmp_path):
    (tmp_path / "heavy.py").write_text("import time\ntime.sleep(0.2)\nanswer = 42\n")
    with postponed("heavy"):
        import heavy
    with ThreadPoolExecutor() as pool:
        assert list(pool.map(lambda _: heavy.answer, range(4))) == [42] * 4


@pytest.mark.usefixtures("module")
def test_a_later_import_gets_the_whole_module():
    import told

    with postponed("heavy"):
        import library
    import heavy
    from heavy import answer

    assert answer == heavy.answer == 42
    assert heavy is library.heavy
    assert told.times == 1


@pytest.mark.usefixtures("module")
def test_a_module_that_is_not_there_is_missed_at_once():
    with postponed("nowhere"), pytest.raises(ModuleNotFoundError):
        import nowhere  # noqa: F401


@pytest.mark.usefixtures("module")
def test_other_modules_are_loaded_as_ever():
    before = list(sys.meta_path)
    with postponed("nowhere"):
        import heavy  # noqa: F401
        import told

        assert told.times == 1
    assert sys.meta_path == before


@pytest.mark.usefixtures("module")
def test_a_module_that_is_absent_is_there_again_afterwards():
    with absent("heavy"), pytest.raises(ImportError):
        import heavy
    import heavy

    assert heavy.answer == 42


@pytest.mark.usefixtures("module")
def test_what_is_loaded_stays():
    import heavy

    with absent("heavy"):
        import heavy as again
    assert again is heavy
    assert sys.modules["heavy"] is heavy


def test_a_letter_is_inlined_without_what_fetches_pages():
    program = """
import sys
from feeds.newsletter.css import Stylesheet
from feeds.newsletter.inlining import inline

page = "<!DOCTYPE html><html><head><title>a</title></head><body><p>b</p></body></html>"
assert "color" in inline(page, [Stylesheet("a.css", "p { color: red }")], print)
assert "urllib3" not in sys.modules
import requests
assert issubclass(requests.exceptions.HTTPError, requests.RequestException)
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.usefixtures("module")
def test_a_module_is_taken_for_absent_by_what_is_imported_meanwhile():
    with absent("heavy", "sys"):
        with pytest.raises(ModuleNotFoundError):
            import heavy
        import sys as loaded
    import heavy

    assert heavy.answer == 42
    assert loaded is sys
