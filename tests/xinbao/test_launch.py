"""Servers that root starts run as somebody else, wherever root has put the house."""

import os

import pytest

from xinbao.child import succeeds

SCRIPT = '#!/bin/sh\nid -u\ncat "$(dirname "$0")/kept"\n'


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_server_of_root_is_somebody_else_and_still_passes_roots_own_folders(tmp_path):
    (tmp_path / "kept").write_text("found")
    (tmp_path / "kept").chmod(0o644)
    program = tmp_path / "program"
    program.write_text(SCRIPT)
    program.chmod(0o755)
    tmp_path.chmod(0o700)
    assert succeeds([str(program)], "65534:65534") == (True, "65534\nfound")
    assert succeeds(["/bin/sh", "-c", f"echo no > {tmp_path}/kept"], "65534:65534")[0] is False
