"""What a process that serves pages has done before its first visitor."""

import subprocess
import sys

LOADED = f"""
import gc, sys
sys.path[:0] = {[path for path in sys.path if path]!r}
import config.wsgi
print(gc.get_freeze_count(), len(gc.get_objects()), "aid.desk.views.people" in sys.modules)
"""


def test_it_has_loaded_its_pages_and_never_looks_through_them_again():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, timeout=60)
    kept, looked_through, has_pages = done.stdout.split()
    assert int(kept) > 100_000
    assert int(looked_through) < 1_000
    assert has_pages == "True"
