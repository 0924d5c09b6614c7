"""Contracts of our own for import-linter: doors between packages, rooms inside them, a library that stands alone.

import-linter knows layers, but not that a package is entered through some of its modules only. A broken
contract prints the file, the line, and what to do instead.
"""

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields
from importlinter.application import output

from .findings import Finding, shown


def file_of(module: str) -> Path:
    """Return the file of a module without importing it; raises LookupError when there is none."""
    root, *rest = module.split(".")
    spec = importlib.util.find_spec(root)
    for place in (spec.submodule_search_locations if spec else None) or ():
        path = Path(place).joinpath(*rest)
        for candidate in (path.with_suffix(".py") if rest else path / "__init__.py", path / "__init__.py"):
            if candidate.is_file():
                return candidate
    raise LookupError(module)


def _option(field: Any) -> Any:
    """Return a field as what it becomes once import-linter has read the configuration."""
    return field


class _FindingsContract(Contract):
    """Report findings one below the other."""

    root: str = _option(fields.StringField())

    def findings(self, graph: ImportGraph) -> Iterator[Finding]:
        """Yield what breaks this contract."""
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Keep the contract when nothing is found."""
        found = sorted(set(self.findings(graph)))
        return ContractCheck(kept=not found, metadata={"findings": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each finding: file, line, problem, remedy."""
        for finding in check.metadata["findings"]:
            output.print_error(f"{finding.file}:{finding.line}: {finding.problem}", bold=False)
            output.indent_cursor()
            output.print(finding.remedy)
        output.new_line()

    def packages(self, graph: ImportGraph) -> list[str]:
        """Return the names of the packages directly below the root."""
        names = (child.rpartition(".")[2] for child in graph.find_children(self.root))
        return sorted(name for name in names if graph.find_children(f"{self.root}.{name}"))

    def imports(self, graph: ImportGraph) -> Iterator[tuple[list[str], list[str], int]]:
        """Yield (importer, imported, line) of every import inside the root; names split, without the root."""
        for importer in sorted(graph.modules):
            if not importer.startswith(f"{self.root}."):
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if imported == self.root or imported.startswith(f"{self.root}."):
                    for detail in graph.get_import_details(importer=importer, imported=imported):
                        yield importer.split(".")[1:], imported.split(".")[1:], detail["line_number"]

    def place(self, importer: list[str]) -> str:
        """Return the file of a module given by its parts below the root."""
        return shown(file_of(".".join((self.root, *importer))))


def _listed(entries: list[str] | None) -> Iterator[tuple[str, set[str]]]:
    """Yield (name, names) of options written as `name: name, name`."""
    for entry in entries or ():
        name, _, names = entry.partition(":")
        yield name.strip(), {one.strip() for one in names.split(",")}


class DoorsContract(_FindingsContract):
    """Enter another package through its doors only.

    Options: `root`; `doors`: the rooms that others may import from; `libraries`: packages that are open
    altogether; `bases`: `package: Name, Name`: what others may take from the models of a library;
    `own_doors`: `package: room, room`: further doors of one package; `whole`: doors that show everything
    they offer themselves, though they are folders.
    """

    type_name = "doors"

    doors: set[str] = _option(fields.SetField(subfield=fields.StringField()))
    libraries: set[str] = _option(fields.SetField(subfield=fields.StringField()))
    bases: list[str] | None = _option(fields.ListField(subfield=fields.StringField(), required=False))
    own_doors: list[str] | None = _option(fields.ListField(subfield=fields.StringField(), required=False))
    whole: set[str] = _option(fields.SetField(subfield=fields.StringField(), required=False))

    def findings(self, graph: ImportGraph) -> Iterator[Finding]:
        """Yield every import that climbs in through a window."""
        own, bases = dict(_listed(self.own_doors)), dict(_listed(self.bases))
        for importer, imported, line in self.imports(graph):
            # `python -m coopwerf` stands outside, at the front door of the whole house.
            if not imported or importer[0] == imported[0] or importer == ["__main__"]:
                continue
            package, room = imported[0], imported[1] if len(imported) > 1 else ""
            doors = sorted(self.doors | own.get(package, set()))
            if package in self.libraries:
                if room == "models":
                    yield from self._beyond_bases(importer, package, line, bases.get(package, set()))
            elif room not in doors:
                yield Finding(
                    self.place(importer),
                    line,
                    f"{'.'.join(importer)} enters {package} through {room or 'the package itself'}",
                    f"Ask for what you need in {' or '.join(f'{package}.{door}' for door in doors)}"
                    " (add it there if it is missing), or let the lower package announce a happening.",
                )
            elif len(imported) > 2 and room in (self.whole or set()):
                yield Finding(
                    self.place(importer),
                    line,
                    f"{'.'.join(importer)} reaches into {'.'.join(imported)}",
                    f"Take it from {package}.{room}; what isn't offered there is nobody else's business.",
                )

    def _beyond_bases(self, importer: list[str], package: str, line: int, bases: set[str]) -> Iterator[Finding]:
        file = file_of(".".join((self.root, *importer)))
        for name in _names_at(file, line):
            if name not in bases:
                yield Finding(
                    shown(file),
                    line,
                    f"{'.'.join(importer)} takes {name} from {package}.models",
                    f"Only {', '.join(sorted(bases)) or 'nothing'} may be taken from there; rows are read through "
                    f"functions of {package}.",
                )


def _names_at(file: Path, line: int) -> list[str]:
    """Return what the import statement on a line of a file takes; the module itself counts as `models`."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import | ast.ImportFrom) and node.lineno == line:
            return [alias.name for alias in node.names]
    return ["models"]


class RoomsContract(_FindingsContract):
    """Keep a package's modules to the rooms that everybody knows, and the rooms in their order.

    Options: `root`; `rooms`: names allowed directly below a package; `free`: packages without rooms
    (libraries, assembly); `topics`: `package: name, name`: folders of a topic of its own;
    `order`: `room: room, room`: what a room may not import from its own package.
    """

    type_name = "rooms"

    rooms: set[str] = _option(fields.SetField(subfield=fields.StringField()))
    free: set[str] = _option(fields.SetField(subfield=fields.StringField(), required=False))
    topics: list[str] | None = _option(fields.ListField(subfield=fields.StringField(), required=False))
    order: list[str] | None = _option(fields.ListField(subfield=fields.StringField(), required=False))

    def findings(self, graph: ImportGraph) -> Iterator[Finding]:
        """Yield unknown rooms, and rooms that import what stands above them."""
        free = self.free or set()
        topics = dict(_listed(self.topics))
        for package in self.packages(graph):
            if package in free:
                continue
            for child in sorted(graph.find_children(f"{self.root}.{package}")):
                room = child.rpartition(".")[2]
                if room not in self.rooms and room not in topics.get(package, set()):
                    yield Finding(
                        shown(file_of(child)),
                        1,
                        f"{package} has no room called {room}",
                        f"Rooms are {', '.join(sorted(self.rooms))}. Move the code into one of them, or declare the "
                        "topic in .importlinter and say in an ADR why it needs a room of its own.",
                    )
        above = dict(_listed(self.order))
        for importer, imported, line in self.imports(graph):
            if len(importer) < 2 or len(imported) < 2 or importer[0] != imported[0] or importer[1] == imported[1]:
                continue
            if imported[1] in above.get(importer[1], set()):
                yield Finding(
                    self.place(importer),
                    line,
                    f"{'.'.join(importer)} imports {'.'.join(imported)}",
                    f"{importer[1]} doesn't know {imported[1]}: move what both need down, or call it from above.",
                )


class AloneContract(_FindingsContract):
    """Let a package import the standard library and itself, nothing else.

    Options: `root`; `except_modules`: standard modules that it may not use either.
    """

    type_name = "alone"

    except_modules: set[str] = _option(fields.SetField(subfield=fields.StringField(), required=False))

    def findings(self, graph: ImportGraph) -> Iterator[Finding]:
        """Yield every import from outside the standard library."""
        barred = self.except_modules or set()
        for importer in sorted(graph.modules):
            if importer != self.root and not importer.startswith(f"{self.root}."):
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                top = imported.partition(".")[0]
                if top == self.root or (top in sys.stdlib_module_names and top not in barred):
                    continue
                for detail in graph.get_import_details(importer=importer, imported=imported):
                    yield Finding(
                        shown(file_of(importer)),
                        detail["line_number"],
                        f"{importer} imports {imported}",
                        f"{self.root} stands alone: the standard library only, no clock, no network, no database. "
                        "Pass in what it needs as an argument.",
                    )
