import subprocess
import sys
from pathlib import Path


def test_rebuild_killed_anywhere_leaves_the_old_or_the_new_index(tmp_path):
    script = Path(__file__).with_name("crash_script.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
