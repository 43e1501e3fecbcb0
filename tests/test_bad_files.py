"""Files as they arrive in real life: each is refused in one sentence, quickly, without a traceback, and leaves nothing behind."""

import errno
import io
import os
import re
import resource
import struct
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager, nullcontext, redirect_stderr
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workshop.cli import main
from workshop.data import read_table, write_table
from workshop.table import TableError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and rights of POSIX")
pyreadstat = pytest.importorskip("pyreadstat")
pytest.importorskip("openpyxl")
pytest.importorskip("pyarrow")
TABLE = pd.DataFrame({"x": np.arange(2000.0), "town": ["Ely", "Bath"] * 1000})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><table><tr><td>a</td></tr></table></body></html>"
)
#: A user who may do nothing.
NOBODY = 65534


def whole(path):
    """The bytes of a sound file of this format."""
    write = {".sav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta}.get(path.suffix, write_table)
    sound = path.with_name(f"sound{path.suffix}")
    write(TABLE, sound)
    content = sound.read_bytes()
    sound.unlink()
    return content


def cut(path, share=0.5):
    content = whole(path)
    path.write_bytes(content[: int(len(content) * share)])


def sheet(path, xml):
    """An xlsx file with this as its sheet."""
    content = whole(path)
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename == "xl/worksheets/sheet1.xml":
                with new.open(part.filename, "w", force_zip64=True) as file:
                    xml(file)
            else:
                new.writestr(part.filename, old.read(part.filename))


def bomb(file):
    """A quarter of a million bytes that unpack to 250 million."""
    file.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
    for _ in range(250):
        file.write(b" " * 1_000_000)
    file.write(b"</sheetData></worksheet>")


def far_cell(file):
    """A stray cell in the last column of each of 5,000 rows."""
    file.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
    for row in range(1, 5001):
        file.write(f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="XFD{row}"><v>1</v></c></row>'.encode())
    file.write(b"</sheetData></worksheet>")


def declared(path):
    """A Stata file whose header says that two billion records follow."""
    content = bytearray(whole(path))
    place = content.index(b"<N>") + 3
    content[place : place + 4] = struct.pack("<i", 2**31 - 1)
    path.write_bytes(content)


def protected(path):
    path.write_bytes(OLE + "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le") + bytes(4000))


def long_line(path):
    with open(path, "wb") as file:
        for _ in range(200):
            file.write(b"1,2,3,4,5," * 100_000)


def unclosed(path):
    path.write_bytes(b'a,b\n1,2\n3,"four\n' + b"5,6\n" * 3_000_000)


def locked(path):
    path.write_text("a,b\n1,2\n")
    path.chmod(0)


def in_locked_folder(path):
    path.write_text("a,b\n1,2\n")
    path.parent.chmod(0)


#: Name, how it comes about (bytes, or a function of the path), and what the sentence says.
BAD = {
    "an xlsx cut short": ("cut.xlsx", cut, "cannot be read as a .xlsx file: it is damaged, cut short"),
    "a parquet cut short": ("cut.parquet", cut, "cannot be read as a .parquet file"),
    "a sav cut short": ("cut.sav", cut, "cannot be read as a .sav file"),
    "a dta cut short": ("cut.dta", cut, "cannot be read as a .dta file"),
    "a dta that lacks its end": ("end.dta", lambda path: cut(path, 0.9), "cannot be read as a .dta file"),
    "a header that declares 2 billion records": ("big.dta", declared, "2,147,483,647 records, but it has .* bytes only"),
    "ragged rows": ("ragged.csv", b"a,b,c\n1,2,3\n4,5\n", "Line 3 of 'ragged.csv' has 2 values but the first line has 3"),
    "a remark under the table": ("note.csv", b"a,b\n1,2\nSource: us\n", "Line 3 of 'note.csv' has 1 value but"),
    "a letter of another encoding": ("mixed.csv", "a,b\né,ü\nö,ä\n".encode() + b"\xe9,1\n", "Line 4 .* not utf-8, unlike the rest"),
    "no encoding we know": ("dos.csv", b"a,b\nM\x81ller,\x8f\n", "Line 2 .* say the encoding, such as"),
    "a folder": ("folder.csv", Path.mkdir, "is a folder: give the name of one file in it"),
    "a link to nowhere": ("link.csv", lambda path: path.symlink_to("gone.csv"), "is a link that leads nowhere .to gone.csv"),
    "a link to itself": ("loop.csv", lambda path: path.symlink_to(path.name), "is a link that leads nowhere"),
    "a link to a device": ("zero.csv", lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device"),
    "a pipe that nobody writes to": ("pipe.csv", os.mkfifo, "is a pipe or a device and no file: save its content"),
    "no right to read it": ("locked.csv", locked, "may not be opened: close it in other programs, or ask for the right"),
    "no right to its folder": ("inside.csv", in_locked_folder, "may not be looked at: ask for the right to read its folder"),
    "no file at all": ("gone.csv", lambda path: None, "There is no file .* check its name and the folder"),
    "an empty file": ("empty.csv", b"", "'empty.csv' is empty: save or download it again"),
    "an empty xlsx": ("none.xlsx", lambda path: sheet(path, lambda file: file.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>')), "first sheet of 'none.xlsx' is empty"),
    "two columns of one name": ("twice.csv", b"a,b,a\n1,2,3\n", "'a' occurs more than once"),
    "a picture called csv": ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "does not hold plain text.* it is really a picture"),
    "a web page called csv": ("login.csv", PAGE, "it is really a web page; open it in a browser"),
    "a web page called xlsx": ("page.xlsx", PAGE, "it is really a web page"),
    "a csv called xlsx": ("text.xlsx", b"a,b\n1,2\n", "it is really plain text; give it the ending that suits it"),
    "an xlsx called csv": ("sheet.csv", lambda path: path.write_bytes(whole(path.with_suffix(".xlsx"))), "really a zip archive .or a spreadsheet"),
    "an old Excel file": ("old.xls", OLE, "ending '.xls' is none of them.*open it and save it as .xlsx"),
    "an old Excel file called xlsx": ("old.xlsx", OLE, "it is really an old Excel file; open it in Excel or LibreOffice"),
    "an xlsx with a password": ("secret.xlsx", protected, "protected by a password; open it in Excel, take the password off"),
    "an xlsx that unpacks to a thousand times its size": ("bomb.xlsx", lambda path: sheet(path, bomb), "would become 25\\d million when unpacked"),
    "an xlsx with stray cells far to the right": ("far.xlsx", lambda path: sheet(path, far_cell), "16,384 columns wide in row 1: look for a stray cell"),
    "an archive that is no xlsx": ("loose.xlsx", lambda path: zipfile.ZipFile(path, "w").close(), "cannot be read as a .xlsx file"),
    "a byte of zero": ("zero.csv", b"a,b\n1,2\n3,\x004\n" + b"5,6\n" * 500, "Line 3 of 'zero.csv' holds a byte of zero"),
    "a quotation mark never closed": ("open.csv", unclosed, "Line 3 of 'open.csv' .*a quotation mark is never closed"),
    "a quotation mark in the midst": ("word.csv", b'a,b\n"1" or 2,3\n', "Line 2 of 'word.csv' .* quotation mark"),
    "a line of 200 million letters": ("line.csv", long_line, "Line 1 of 'line.csv' is 200 million letters long"),
    "a pickle called parquet": ("loot.parquet", b"cos\nsystem\n(S'touch loot'\ntR.", "cannot be read as a .parquet file"),
    "a pickle": ("loot.pkl", b"cos\nsystem\n(S'touch loot'\ntR.", "ending '.pkl' is none of them"),
    "a name no disk can hold": ("n" * 300 + ".csv", lambda path: None, "There is no file"),
}  # fmt: skip


@contextmanager
def without_rights(folder):
    """Tests often run as root, who may do everything: for a while, be somebody who may not."""
    if os.geteuid():
        yield
        return
    with redirect_stderr(io.StringIO()):
        main(["synthesize", "nowhere.csv", "--out", "release/"])  # imports what somebody without rights could not
    before = {
        above: above.stat().st_mode for above in [folder, *folder.parents] if above.stat().st_mode & 0o005 != 0o005
    }
    for above, mode in before.items():
        above.chmod(mode | 0o055)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        for above, mode in before.items():
            above.chmod(mode)


@pytest.fixture
def bad(request, tmp_path, monkeypatch):
    """A bad file in a folder of its own, and what must be said of it."""
    name, make, words = BAD[request.param]
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    path = folder / name
    path.write_bytes(make) if isinstance(make, bytes) else make(path)
    monkeypatch.chdir(tmp_path)
    with without_rights(tmp_path) if make in (locked, in_locked_folder) else nullcontext():
        yield path, words
    folder.chmod(0o755)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def one_sentence(says):
    return "\n" not in says and len(says) < 700 and "Traceback" not in says and "Error(" not in says and ":" in says


@pytest.mark.parametrize("bad", BAD, indirect=True)
def test_a_bad_file_is_refused_in_one_sentence(bad, tmp_path):
    path, words = bad
    before = peak()
    with pytest.raises(TableError, match=words) as refusal:
        read_table(path)
    assert one_sentence(str(refusal.value))
    assert peak() - before < 1500  # million bytes; a line of 200 million letters is held a few times
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]


@pytest.mark.parametrize(
    "out, bad",
    [*(("out.csv", one) for one in BAD), *(("release/", one) for one in BAD if "million" not in one)],
    indirect=["bad"],
)
def test_the_command_says_one_line_ends_with_2_and_leaves_nothing(bad, tmp_path, capsys, out):
    path, words = bad
    assert main(["synthesize", str(path), "--out", out]) == 2
    said = capsys.readouterr()
    (line,) = said.err.strip().splitlines()
    assert re.search(words, line) and one_sentence(line) and line.startswith("workshop: ")
    assert not said.out
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]


def test_the_command_itself_shows_no_traceback(tmp_path):
    (tmp_path / "page.xlsx").write_bytes(PAGE)
    ran = subprocess.run(
        [sys.executable, "-m", "workshop", "synthesize", "page.xlsx"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2 and len(ran.stderr.strip().splitlines()) == 1 and not ran.stdout
    assert os.listdir(tmp_path) == ["page.xlsx"]


def test_a_header_alone_is_read_as_a_table_without_records_that_no_model_takes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("head.csv").write_text("a,b\n")
    assert read_table("head.csv").shape == (0, 2)
    assert main(["synthesize", "head.csv"]) == 2
    assert "The table has no records" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["head.csv"]


def test_a_file_too_large_for_memory_is_refused_in_words(tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("a\n1\n")

    def full(path):
        raise MemoryError

    monkeypatch.setattr(Path, "read_bytes", full)
    with pytest.raises(TableError, match="needs more memory than there is: close other programs"):
        read_table(tmp_path / "t.csv")


# writing


@pytest.fixture
def little_disk():
    """A disk on which no file may have more than 4,000 bytes: the write fails midway, as on a full one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ".parquet"])
def test_a_disk_that_fills_up_while_writing_leaves_the_old_file_and_no_half_of_the_new(tmp_path, ending, request):
    old = tmp_path / f"old{ending}"
    write_table(TABLE.head(2), old)
    before = old.read_bytes()
    table = pd.DataFrame({"x": np.random.default_rng(1).normal(size=20_000)})
    request.getfixturevalue("little_disk")
    for path in (old, tmp_path / f"new{ending}"):
        with pytest.raises(
            OSError, match=r"could not be written \(the disk is full\): free some space.* nothing was changed"
        ):
            write_table(table, path, overwrite=True)
    assert old.read_bytes() == before and os.listdir(tmp_path) == [old.name]
    assert not list(Path(tempfile.gettempdir()).glob("openpyxl.*"))


def test_the_command_on_a_full_disk_says_one_line(tmp_path, monkeypatch, capsys, request):
    monkeypatch.chdir(tmp_path)
    write_table(TABLE, "t.csv")
    request.getfixturevalue("little_disk")
    assert main(["synthesize", "t.csv"]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "the disk is full" in line and os.listdir(tmp_path) == ["t.csv"]


def test_a_folder_without_the_right_to_write_is_said_and_left_as_it_is(tmp_path):
    (tmp_path / "mine").mkdir(mode=0o555)
    with without_rights(tmp_path):
        with pytest.raises(
            OSError, match="could not be written .*choose another folder, or ask for the right"
        ) as refusal:
            write_table(TABLE, tmp_path / "mine" / "t.csv")
    assert refusal.value.__cause__.errno == errno.EACCES and not os.listdir(tmp_path / "mine")
