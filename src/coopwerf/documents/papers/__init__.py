"""The papers we can set: typed facts go in, templates with their data come out."""

from coopwerf.coops.states import ShareWord

from .base import Letterhead, Paper, PaperFacts, PaperFile, Setting, set_file, set_paper
from .certificate import Certificate, Holding
from .desk_list import DeskLine, DeskList
from .extract import ClassLine, EndingLine, HolderLine, RegisterExtract, RightsLine, TransferLine
from .kinds import Kind, Wanted, declare, known_kinds
from .letter import Bullets, FactRows, Letter, Letters, Link, Paragraph
from .member_list import LeaverLine, MemberLine, MemberList

__all__ = [
    "Bullets",
    "Certificate",
    "ClassLine",
    "DeskLine",
    "DeskList",
    "EndingLine",
    "FactRows",
    "HolderLine",
    "Holding",
    "Kind",
    "LeaverLine",
    "Letter",
    "Letterhead",
    "Letters",
    "Link",
    "MemberLine",
    "MemberList",
    "Paper",
    "PaperFacts",
    "PaperFile",
    "Paragraph",
    "RegisterExtract",
    "RightsLine",
    "Setting",
    "ShareWord",
    "TransferLine",
    "Wanted",
    "declare",
    "known_kinds",
    "set_file",
    "set_paper",
]
