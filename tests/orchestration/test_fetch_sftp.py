"""Files that others drop into a folder of an SFTP server: each taken once, whole, as it lay."""

from __future__ import annotations

import itertools
import os
import time
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from catalog.sources import SftpSource
from ingestion.connectors.sftp import Secrets, sftp_folder
from orchestration.city import City
from tests.orchestration.fetching import fetched, meters, town_that_fetches
from tests.orchestration.test_fetch_drops import MORE, lines

NUMBER = itertools.count(1)


@pytest.mark.servers
@pytest.mark.xdist_group("sshd")
class TestSftp:
    @dataclass(frozen=True)
    class Folder:
        """A folder of a server, and how to be let in."""

        server: object
        path: Path

        def put(self, name: str, content: bytes, *, age: float = 600) -> Path:
            path = self.path / name
            path.write_bytes(content)
            os.utime(path, (time.time() - age,) * 2)
            path.chmod(0o644)
            return path

        def city(self, at: Path, *, words: str = "", **secrets: str) -> City:
            mine = {
                "WHERE": self.server.url(),
                "HOST": self.server.host_key,
                "KEY": self.server.user_key,
            }
            said = f"secret: WHERE, host_key: HOST, folder: {self.path}{words}"
            return town_that_fetches(at, mine | secrets, connector="sftp", words=said, more=MORE)

    @pytest.fixture
    def folder(self, ssh):
        path = ssh.drops / str(next(NUMBER))
        path.mkdir(mode=0o755)
        return self.Folder(ssh, path)

    @pytest.mark.parametrize("words", ["", ", key: KEY"], ids=["password", "key"])
    def test_each_file_is_taken_once_and_a_replaced_one_again(self, words, folder, tmp_path):
        folder.put("meter_1.csv", lines("1,2026-03-01 08:00,10"))
        folder.put("meter_2.csv.tmp", lines("2,2026-03-01 08:00,20"))
        (folder.path / "meter_dir.csv").mkdir()
        (folder.path / "meter_3.csv").symlink_to("/etc/hostname")
        where = {"WHERE": folder.server.url(password=None)} if words else {}
        city = folder.city(tmp_path, words=words, **where)
        first, _ = fetched(city)
        assert (first.files, first.is_trouble) == (("meter_1.csv",), False), first.message
        assert fetched(city, hours=1)[0].message == "no new files"
        folder.put("meter_1.csv", lines("1,2026-03-01 08:00,11"), age=300)
        fetched(city, hours=2)
        assert meters(city) == {1: 11}

    def test_a_file_that_grows_is_left_until_it_has_been_left_be(self, folder, tmp_path):
        folder.put("meter_1.csv", lines("1,2026-03-01 08:00,10"), age=1)
        city = folder.city(tmp_path)
        assert fetched(city)[0].files == ()
        folder.put("meter_1.csv", lines("1,2026-03-01 08:00,10", "2,2026-03-01 08:00,20"))
        assert fetched(city, hours=1)[0].files == ("meter_1.csv",)
        assert meters(city) == {1: 10, 2: 20}

    def test_a_file_that_is_written_to_while_it_is_read_is_not_taken(self, folder, tmp_path):
        path = folder.put("meter_1.csv", lines("1,2026-03-01 08:00,10"))
        server = folder.server
        words = {"secret": "WHERE", "host_key": "HOST", "folder": str(folder.path)}
        who = Secrets(server.url(), server.host_key)
        with sftp_folder(SftpSource.model_validate(words), who) as opened:
            (file,) = opened.files()

            def grow(_: int) -> None:
                path.write_bytes(path.read_bytes() + b"2,2026-03-01 08:00,20\n")

            assert not opened.take(file, tmp_path / "copy", charge=grow)
            path.unlink()
            assert not opened.take(file, tmp_path / "copy", charge=grow)

    def test_a_file_that_may_not_be_read_stops_no_other(self, folder, tmp_path):
        folder.put("meter_1.csv", lines("1,2026-03-01 08:00,10")).chmod(0)
        folder.put("meter_2.csv", lines("2,2026-03-01 08:00,20"))
        told, _ = fetched(folder.city(tmp_path))
        assert "meter_1.csv" in told.message
        assert told.is_trouble
        assert told.files == ("meter_2.csv",)

    def test_names_that_the_inbox_does_not_take_stay_apart(self, folder, tmp_path):
        names = [
            "meter_a#1.csv",
            "meter_a%1.csv",
            "meter_水 表.csv",
            f"meter_{'x' * 44}.{'y' * 195}.csv",
        ]
        for number, name in enumerate(names, start=1):
            folder.put(name, lines(f"{number},2026-03-01 08:00,{number}"))
        city = folder.city(tmp_path)
        assert len(set(fetched(city)[0].files)) == 4
        assert meters(city) == {1: 1, 2: 2, 3: 3, 4: 4}
        folder.put("meter_a%1.correction1.csv", lines("2,2026-03-01 08:00,22"))
        _, (corrected,) = fetched(city, hours=1)
        assert corrected.outcome == "accepted", corrected.message
        assert meters(city) == {1: 1, 2: 22, 3: 3, 4: 4}

    def test_a_name_in_another_encoding_is_read_and_stops_no_other(self, folder, tmp_path):
        for number, name in enumerate(
            ["meter_水表.csv".encode("gbk"), b"meter_\xff.csv", b"meter_.csv"]
        ):
            path = os.path.join(os.fsencode(folder.path), name)  # noqa: PTH118 - bytes
            os.rename(folder.put("meter", lines(f"{number},2026-03-01 08:00,1")), path)  # noqa: PTH104
        city = folder.city(tmp_path)
        told, _ = fetched(city)
        assert not told.is_trouble, told.message
        assert "meter_水表.csv" in told.files
        assert meters(city) == {0: 1, 1: 1, 2: 1}
        assert fetched(city, hours=1)[0].files == ()

    def test_a_name_is_told_in_one_line(self, folder, tmp_path):
        folder.put("meter_\n\x1b[31m1.csv", lines("1,2026-03-01 08:00,10")).chmod(0)
        assert fetched(folder.city(tmp_path))[0].message.isprintable()

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"words": "/nowhere"}, "has no folder"),
            ({"WHERE": "password"}, "refuses the credentials in secret WHERE"),
            ({"WHERE": "user"}, "refuses the credentials in secret WHERE"),
            ({"HOST": "other"}, "does not show the host key in secret HOST"),
            ({"HOST": "geheim, no key"}, "secret HOST is no key"),
            ({"WHERE": "sftp://u:geheim@127.0.0.1:1"}, "does not answer"),
            ({"WHERE": "ftp://u:geheim@127.0.0.1"}, "is no sftp://user@host URL"),
        ],
        ids=["folder", "password", "user", "host-key", "no-key", "port", "url"],
    )
    def test_a_server_that_does_not_let_in_is_told_in_one_line(
        self, change, said, folder, tmp_path
    ):
        meant = {
            "password": folder.server.url(password="geheim-other"),
            "user": folder.server.url(user="geheim-user"),
            "other": asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode(),
        }
        city = folder.city(tmp_path, **{name: meant.get(v, v) for name, v in change.items()})
        failed, _ = fetched(city)
        assert failed.outcome == "failed"
        assert said in failed.message
        assert "geheim" not in failed.message
        assert "\n" not in failed.message

    def test_a_folder_that_may_not_be_read_is_told(self, folder, tmp_path):
        folder.path.chmod(0)
        failed, _ = fetched(folder.city(tmp_path))
        folder.path.chmod(0o755)
        assert "lets us not read" in failed.message
