"""Rules for Python that no general linter knows: who writes, who reads the clock, what a refusal needs."""

import ast
import dataclasses
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from .findings import APPLICATION, SOURCE, Finding, shown
from .translations import FUNCTIONS

LONGEST_MODULE = 600

# Besides the rooms `actions` and `migrations`; each with its reason.
WRITERS = {
    "kernel/chain.py": "the chain's own rows and the audit entries, called from inside actions",
    "kernel/rows.py": "many rows at once, called from inside actions",
    "kernel/limits.py": "how often something was asked: numbers of a minute, with no author and no trail",
    "kernel/guards.py": "grants and policies, run as the owner after each migration",
}
_QUERYSET_WRITES = {"create", "get_or_create", "update_or_create", "update", "delete"}
_ALWAYS_WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create"}
_ROWS = re.compile(r"\b(objects|_default_manager|_base_manager)\b|\.(filter|exclude|all|order_by)\(")
_SQL_WRITES = re.compile(r"\s*(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|TRUNCATE\b|COPY\s+\S+.*\bFROM\b)", re.I)

# Where amounts are worked with: no floats there, nor anywhere in coopcalc.
MONEY = ("kernel/money.py", "kernel/chain.py", "coops/", "register/", "ledger/", "ui/formats.py")

CLOCK_READERS = ("kernel/clock.py", "kernel/ids.py", "conf/")
EDGES = {"web", "tasks", "management", "templatetags", "backend"}
_CLOCKS = {"now", "utcnow", "today"}
_LOCAL = {"localdate", "localtime"}  # they read the clock when they are called without a moment
_CLOCK_OWNERS = {"datetime", "date", "timezone"}


@dataclasses.dataclass(frozen=True)
class Module:
    """A Python file, read once: its path, its place below the application, its text and tree."""

    path: Path
    place: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """Return the package of ours in which it stands, or nothing."""
        return self.place.split("/")[0] if "/" in self.place else ""

    @property
    def room(self) -> str:
        """Return its room: the second part of its place."""
        parts = self.place.split("/")
        return parts[1].removesuffix(".py") if len(parts) > 1 else ""

    def finding(self, node: ast.AST, problem: str, remedy: str) -> Finding:
        """Return a finding at a node of the tree."""
        return Finding(shown(self.path), getattr(node, "lineno", 1), problem, remedy)


def read(path: Path, place: str) -> Module:
    """Read a Python file; `place` is its path below its import package."""
    text = path.read_text()
    return Module(path, place, text, ast.parse(text))


def modules(root: Path = APPLICATION) -> list[Module]:
    """Return every module of an import package, migrations left out."""
    return [
        read(path, path.relative_to(root).as_posix())
        for path in sorted(root.rglob("*.py"))
        if "migrations" not in path.parts
    ]


def calculation() -> list[Module]:
    """Return every module of coopcalc."""
    return modules(SOURCE / "coopcalc")


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def only_actions_write(module: Module) -> Iterator[Finding]:
    """Yield every write to a table outside the actions."""
    if module.room in {"actions", "migrations"} or module.place in WRITERS:
        return
    remedy = "Only actions write: call one, or write one (lock, policy, change, audit, announce)."
    for node in _calls(module):
        if isinstance(node.func, ast.Attribute) and _writes(node, node.func):
            yield module.finding(node, f"`{ast.unparse(node.func)[-60:]}(…)` writes", remedy)
    for constant in ast.walk(module.tree):
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and _SQL_WRITES.match(constant.value):
            yield module.finding(constant, f"SQL that writes: {constant.value.strip()[:40]}…", remedy)


def _writes(node: ast.Call, method: ast.Attribute) -> bool:
    name = method.attr[1:] if method.attr[:1] == "a" and method.attr[1:] in _ALWAYS_WRITES else method.attr
    owner = ast.unparse(method.value)
    if name in _ALWAYS_WRITES:
        return True
    if name in _QUERYSET_WRITES and _ROWS.search(owner):
        return True
    if name in {"save", "asave"}:
        # A workbook or picture is saved into something; a row is saved as it stands.
        return not node.args and not owner.endswith("session")
    if name in {"delete", "adelete"}:
        return not node.args and not node.keywords and not owner.endswith("session")
    return False


def no_floats(module: Module, *, everywhere: bool = False) -> Iterator[Finding]:
    """Yield floats where amounts, shares or seats are worked with."""
    if not everywhere and not module.place.startswith(MONEY):
        return
    asked = {
        id(name)
        for call in _calls(module)
        if _called(call) in {"isinstance", "issubclass"}
        for argument in call.args
        for name in ast.walk(argument)
    }
    for node in ast.walk(module.tree):
        is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_name = isinstance(node, ast.Name) and node.id == "float" and id(node) not in asked
        if is_float or is_name:
            yield module.finding(node, "a float", "Use int, Decimal or Fraction: amounts and seats are exact.")


def clock_at_the_edges(module: Module) -> Iterator[Finding]:
    """Yield readings of the clock elsewhere than at the edges."""
    if module.place.startswith(CLOCK_READERS):
        return
    bare = {id(call.func) for call in _calls(module) if not call.args and not call.keywords}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Attribute):
            continue
        owner = ast.unparse(node.value).rpartition(".")[2]
        reads = node.attr in _CLOCKS or (node.attr in _LOCAL and id(node) in bare)
        if reads and owner in _CLOCK_OWNERS:
            yield module.finding(
                node, f"`{ast.unparse(node)}` reads the clock", "Ask kernel.clock, at an edge, and pass its answer on."
            )
        elif node.attr == "now" and owner == "clock" and module.package != "kernel" and module.room not in EDGES:
            yield module.finding(
                node,
                f"{module.room} reads the clock",
                "The clock is read at the edges (web, tasks, management): take `now` or `on` as an argument.",
            )


def no_gettext_inside_fstrings(module: Module) -> Iterator[Finding]:
    """Yield translations inside f-strings: they aren't collected on every Python, and can't be reordered."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _called(call) in FUNCTIONS:
                    yield module.finding(
                        call, "a translation inside an f-string", 'Write _("… %(fact)s …") % {"fact": fact}.'
                    )


def visible_strings_are_translated(module: Module) -> Iterator[Finding]:
    """Yield labels, helps and messages of the web that go out in English only."""
    if module.room != "web":
        return
    spoken = {"label", "help_text", "empty_label", "placeholder", "aria_label"}
    for node in _calls(module):
        shown_texts = [keyword.value for keyword in node.keywords if keyword.arg in spoken]
        if ast.unparse(node.func).startswith("messages.") and len(node.args) > 1:
            shown_texts.append(node.args[1])
        for value in shown_texts:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and re.search("[a-z]{2}", value.value):
                yield module.finding(value, f"“{value.value[:40]}” isn't translated", "Put it in _( ).")


def short_enough(path: Path) -> Iterator[Finding]:
    """Yield a module that has grown too long to be read in one go; migrations are written by a machine."""
    if path.parent.name == "migrations":
        return
    lines = path.read_text().count("\n")
    if lines > LONGEST_MODULE:
        yield Finding(
            shown(path),
            lines,
            f"{lines} lines, more than {LONGEST_MODULE}",
            "Split it into a folder of topics that keeps the room's name.",
        )


@dataclasses.dataclass(frozen=True)
class Told:
    """A code with its English sentence, and where it is declared."""

    code: str
    text: str
    module: Module
    node: ast.AST


def sentences(known: Iterable[Module], name: str) -> list[Told]:
    """Return what the packages declare in `REFUSALS` or `VERBS`."""
    found = []
    for module in known:
        if module.room != "sentences":
            continue
        for node in ast.walk(module.tree):
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = getattr(node, "value", None)
            if not (isinstance(target, ast.Name) and target.id == name and isinstance(value, ast.Dict)):
                continue
            for key, said in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(said, ast.Call) and said.args:
                    text = said.args[-1]
                    if isinstance(text, ast.Constant):
                        found.append(Told(str(key.value), str(text.value), module, key))
    return found


_REFUSING = {"Refused", "refuse", "PermissionDenied"}
_FACT = re.compile(r"%\((\w+)\)")


def refusals_have_sentences(known: list[Module]) -> Iterator[Finding]:
    """Yield refusals without a sentence, and facts that a sentence needs but doesn't get."""
    told = {one.code: one for one in sentences(known, "REFUSALS")}
    for module in known:
        for node in _calls(module):
            if _called(node) not in _REFUSING or not node.args:
                continue
            code = node.args[0]
            if isinstance(code, ast.JoinedStr | ast.BinOp):
                yield module.finding(code, "a refusal code made up at run time", "Write each code out.")
            elif isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield from _refusal(module, node, code.value, told)


def _refusal(module: Module, node: ast.Call, code: str, told: dict[str, Told]) -> Iterator[Finding]:
    if code not in told:
        yield module.finding(node, f"{code} has no sentence", "Add it to REFUSALS in the package's sentences.py.")
        return
    given = {keyword.arg for keyword in node.keywords}
    lacking = set(_FACT.findall(told[code].text)) - given
    # With ** the facts come from elsewhere.
    if lacking and None not in given:
        yield module.finding(node, f"{code} lacks its facts {', '.join(sorted(lacking))}", "Pass them along.")


def verbs_have_sentences(known: list[Module]) -> Iterator[Finding]:
    """Yield audit verbs without a sentence."""
    told = {one.code: one for one in sentences(known, "VERBS")}
    for module in known:
        for node in _calls(module):
            if _called(node) not in {"action", "audit"}:
                continue
            verb = next((keyword.value for keyword in node.keywords if keyword.arg == "verb"), None)
            if isinstance(verb, ast.Constant) and isinstance(verb.value, str) and verb.value not in told:
                yield module.finding(
                    node, f"the verb {verb.value} has no sentence", "Add it to VERBS in the package's sentences.py."
                )


def sentences_are_said(known: list[Module]) -> Iterator[Finding]:
    """Yield sentences for codes that nothing says, and codes that bear another package's name."""
    said = {
        node.value
        for module in known
        if module.room != "sentences"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for one in [*sentences(known, "REFUSALS"), *sentences(known, "VERBS")]:
        if one.code not in said:
            yield one.module.finding(one.node, f"nothing says {one.code}", "Remove its sentence.")
        if one.code.split(".")[0] != one.module.package:
            yield one.module.finding(one.node, f"{one.code} is another package's", "Move it to its own package.")


def findings() -> list[Finding]:
    """Return everything that breaks a rule in our own Python."""
    known = modules()
    found: list[Finding] = []
    for module in known:
        for rule in (
            only_actions_write,
            no_floats,
            clock_at_the_edges,
            no_gettext_inside_fstrings,
            visible_strings_are_translated,
        ):
            found.extend(rule(module))
    for module in calculation():
        found.extend(no_floats(module, everywhere=True))
        found.extend(clock_at_the_edges(module))
    found.extend(refusals_have_sentences(known))
    found.extend(verbs_have_sentences(known))
    return sorted(found)
