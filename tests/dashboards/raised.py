"""What our code may say when it raises, read from its source: `told` and `refused`.

What is only known when it runs stands there as its expression in ⟨⟩; a text that is put together
of others, in this function or by one that it calls, is there once for each of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[2]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> dict[str, Path]:
    """Every module of ours by its name."""
    files = [path for top in ("pipeline", "dashboards") for path in (ROOT / top).rglob("*.py")]
    return {_name(path): path for path in files}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def reached(begin: str, known: dict[str, Path]) -> set[str]:
    """The modules that those under `begin` import, and what those import."""
    found: set[str] = set()
    todo = [name for name in known if name.startswith(begin)]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [other for other in _imports(known[name]) if other in known]
    return found


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def told(path: Path, errors: frozenset[str]) -> tuple[set[str], set[str]]:
    """The messages of the errors that a module makes, and expressions that hold no words."""
    module = _Module(ast.parse(path.read_text(encoding="utf-8")))
    messages: set[str] = set()
    unread: set[str] = set()
    for call, function in module.made(errors):
        texts = module.texts(call.args[-1], function)
        messages.update(texts)
        if not texts:
            unread.add(ast.unparse(call.args[-1]))
    return messages, unread


def refused(scripts: Path) -> set[str]:
    """What the triggers of a schema say."""
    texts = (path.read_text(encoding="utf-8") for path in scripts.glob("*.sql"))
    return {said for text in texts for said in re.findall(r"RAISE\(ABORT,\s*'([^']*)'\)", text)}


class _Module:
    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._functions = {n.name: n for n in ast.walk(tree) if isinstance(n, FUNCTIONS)}
        self._constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name) and isinstance(node.value.value, str)
        }

    def made(self, errors: frozenset[str]) -> Iterator[tuple[ast.Call, Function]]:
        """Where an error is made, and in which function."""
        own = {
            node.name
            for node in ast.walk(self._tree)
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id in errors for base in node.bases)
        }
        for function in (node for node in ast.walk(self._tree) if isinstance(node, FUNCTIONS)):
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in errors | own
                    and node.args
                ):
                    yield node, function

    def texts(self, node: ast.expr, function: Function) -> list[str]:
        """What an expression may read; empty where it is no text."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, ast.JoinedStr):
            return [
                "".join(one) for one in product(*(self._part(p, function) for p in node.values))
            ]
        if isinstance(node, ast.IfExp):
            branches = (node.body, node.orelse)
            return [t for b in branches for t in self.texts(b, function) or [f"⟨{ast.unparse(b)}⟩"]]
        if isinstance(node, ast.Name):
            return self._named(node.id, function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            called = self._functions.get(node.func.id)
            return self._returned(called) if called else []
        return []

    def _part(self, part: ast.expr, function: Function) -> list[str]:
        if isinstance(part, ast.Constant):
            return [str(part.value)]
        value = part.value if isinstance(part, ast.FormattedValue) else part
        texts = self._named(value.id, function) if isinstance(value, ast.Name) else []
        return texts or [f"⟨{ast.unparse(value)}⟩"]

    def _named(self, name: str, function: Function) -> list[str]:
        """The words that a name stands for in a function."""
        if name in self._constants:
            return [self._constants[name]]
        texts = [
            text
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
            for text in self.texts(node.value, function)
        ]
        words = any(re.search(r"\w", re.sub("⟨.*?⟩", "", text)) for text in texts)
        return texts if words else []

    def _returned(self, function: Function) -> list[str]:
        return [
            text
            for node in ast.walk(function)
            if isinstance(node, ast.Return) and node.value is not None
            for text in self.texts(node.value, function)
        ]
