"""What docs/how-it-works/counting.md shows is what the code does."""

import io
import re
from hashlib import sha256
from pathlib import Path

from coopcalc.voting import Seeded, count, countback, read
from coopcalc.voting.picture import picture
from coopcalc.voting.sheet import sheet
from tests.coopcalc.test_register_verify import golden
from tests.coopcalc.voting.elections import votes

ROOT = Path(__file__).parents[3]


def test_the_worked_example_is_counted_as_it_says() -> None:
    page = (ROOT / "docs" / "how-it-works" / "counting.md").read_text(encoding="utf-8")
    [papers] = re.findall(r"^```blt\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    [printed] = re.findall(r"^```text\n(Board of the bakery\n.*?)^```$", page, re.MULTILINE | re.DOTALL)
    election = read(io.BytesIO(papers.encode()))
    assert sheet(count(election, "stv-scottish", lot=Seeded("2026"))) == printed
    drawn = picture(count(election, "stv-scottish", lot=Seeded("2026")), ident="board")
    golden("../../../docs/img/count.svg", drawn.svg + "\n")
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", drawn.table):
        cells = re.sub(r"(</t[hd]>|<t[hd][^>]*>)+", " | ", row).removesuffix(" | ")
        assert f"| {cells} |" in page or "Lost" in row
    shown = re.findall(r"^\$ printf '(.*?)' \| sha256sum\n([0-9a-f]{64})  -$", page, re.MULTILINE)
    assert [(sha256(text.encode()).hexdigest(), text) for text, _digest in shown] == [
        (digest, text) for text, digest in shown
    ]
    assert [text.split(":")[-1] for text, _digest in shown] == ["Dora", "Emma"]
    back = countback(election, "stv-scottish", 1, lot=Seeded("2026"))
    assert votes(back, 1) == {"Dora": "0", "Emma": "0", "-": "12"}


def test_the_list_of_differences_has_as_many_wards_as_the_page_says() -> None:
    page = (ROOT / "docs" / "how-it-works" / "counting-compared.md").read_text(encoding="utf-8")
    listed = (ROOT / "tests" / "coopcalc" / "golden" / "voting-beside-stvpoll.txt").read_text(encoding="utf-8")
    found = [line.split(": ")[1].split() for line in listed.splitlines()]
    assert f"the other\n{len(found)}," in page
    for departure in ("rounds", "batches", "mixed", "beyond"):
        wards = sum(departure in one for one in found)
        assert re.search(rf"^## {departure}: .*\({wards} wards", page, re.MULTILINE)
