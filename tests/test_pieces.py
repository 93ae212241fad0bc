"""A server begins with more pieces of memory kept ready, as the same process with the same arguments."""

import os
import subprocess
import sys

import pytest

CODE = """
import os, sys
from publisher.endpoint.confine import keep_pieces_ready
keep_pieces_ready()
print(os.getpid(), os.environ["GLIBC_TUNABLES"], *sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's tunables")
@pytest.mark.parametrize("chosen", ["", "glibc.malloc.check=1"])
def test_it_goes_on_as_the_same_process(chosen: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    environment |= {"GLIBC_TUNABLES": chosen} if chosen else {}
    command = [sys.executable, "-c", CODE, "--port", "0"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        said = process.communicate()[0]
    assert said.split() == [str(process.pid), chosen or "glibc.malloc.tcache_count=200", "--port", "0"]
