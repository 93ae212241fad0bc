"""What docs/operations.md says is so: its commands run, its units and metrics are real."""

import re
import shutil
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from endpoint_host import ROOT, put_in_force, running, settings, write_release

from publisher.core.settings import PREFIX, Settings

TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
DEPLOY = ROOT / "deploy"
EARLIER, LATER = "2026-01-01-a", "2026-02-02-b"


def test_the_commands_run(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    write_release(releases, EARLIER, EARLIER)
    write_release(releases, LATER, LATER)
    chosen = settings(releases, metrics="local", watch_seconds=0.2)
    blocks = re.findall(r"^```sh\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 5
    with running("serve", releases, chosen) as (_, line):
        place = {"SITE": line.split()[0].rstrip("/"), "RELEASES": str(releases), "BACKUP": str(tmp_path / "backup")}
        script = "set -eu\n" + "\n".join(blocks)
        done = subprocess.run(
            ["sh", "-c", script], env={"PATH": "/usr/bin:/bin", **place}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert '"state":"ready"' in done.stdout
        assert EARLIER in done.stdout.splitlines()
        assert "saved" in done.stdout
        with httpx.Client(base_url=place["SITE"]) as client:
            _follow(client, EARLIER)
            put_in_force(releases, LATER)
            _follow(client, LATER)


def _follow(client: httpx.Client, release: str) -> None:
    deadline = time.monotonic() + 30
    while client.get("/ready").json()["release"] != release and time.monotonic() < deadline:
        time.sleep(0.1)
    assert client.get("/ready").json()["release"] == release


def test_the_metrics_named_are_there_and_all_are_named(tmp_path: Path) -> None:
    write_release(tmp_path)
    alerts = (DEPLOY / "alerts.yml").read_text(encoding="utf-8")
    with running("serve", tmp_path, settings(tmp_path, metrics="local")) as (_, line):
        httpx.get(f"{line.split()[0]}sparql", params={"query": "ASK {}"})
        found = set(re.findall(r"^# TYPE (kreisgraph_\w+)", httpx.get(f"{line.split()[0]}metrics").text, re.MULTILINE))
    named = set(re.findall(r"`(kreisgraph_\w+)", TEXT))
    assert named == found
    told = {re.sub(r"_bucket$", "", name) for name in re.findall(r"\bkreisgraph_\w+", alerts)}
    assert told <= found


def test_every_setting_of_operations_is_named_and_every_one_named_exists() -> None:
    files = [TEXT, *(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir())]
    named = {name.lower() for text in files for name in re.findall(rf"{PREFIX}([A-Z_]+[A-Z])", text)}
    assert named <= set(Settings.model_fields)
    fields = list(Settings.model_fields)
    assert set(fields[fields.index("watch_seconds") :]) <= named


def test_the_files_of_deploy_are_all_explained() -> None:
    assert {path.name for path in DEPLOY.iterdir()} == set(re.findall(r"deploy/([\w.-]+)\)", TEXT)) | {
        "kreisgraph-build.service"
    }


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_the_units_are_valid(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("*.service"):
        text = unit.read_text(encoding="utf-8").replace("/opt/kreisgraph/bin/kreisgraph", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    units = sorted(map(str, tmp_path.glob("*.service")))
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
