"""Money is counted in whole minor units: no floats near it, no multiplication by a hundred."""

import ast
import re
from pathlib import Path

from tests.house.test_layout import modules
from tests.rig.processes import ROOT

MONEY = re.compile(r"amount|price|total|unit|refund|tax|shipping|goods|cents|balance", re.IGNORECASE)
NAMED = ("site/core/money.py",)


def money_modules() -> list[Path]:
    return [file for file in modules() if not file.is_relative_to(ROOT / "site" / "sandbox")]


def names_in(node: ast.AST) -> set[str]:
    found = {row.id for row in ast.walk(node) if isinstance(row, ast.Name)}
    return found | {row.attr for row in ast.walk(node) if isinstance(row, ast.Attribute)}


def test_no_float_is_made_of_money() -> None:
    """`float(...)`, a decimal literal or a true division beside a word of money."""
    found = []
    for file in money_modules():
        for node in ast.walk(ast.parse(file.read_text())):
            is_float = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            is_division = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
            if (is_float or is_division) and any(MONEY.search(name) for name in names_in(node)):
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}")

    assert found == []


def test_no_currency_is_assumed_to_have_two_decimals() -> None:
    """`* 100` and `/ 100` beside a word of money: JPY has none, KWD has three. core.money knows."""
    found = []
    for file in money_modules():
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv):
                continue
            hundred = any(isinstance(side, ast.Constant) and side.value == 100 for side in (node.left, node.right))
            if hundred and any(MONEY.search(name) for name in names_in(node)):
                found.append(f"{file.relative_to(ROOT)}:{node.lineno}")

    assert [row for row in found if not row.startswith(NAMED)] == []


def test_no_column_of_money_is_a_float() -> None:
    from django.apps import apps
    from django.db import models

    ours = [
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"store", "core", "members", "home", "blog"}
    ]
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in ours
        for field in model._meta.get_fields()  # noqa: SLF001 - Django's own public name
        if isinstance(field, models.FloatField | models.DecimalField)
    ]

    assert wrong == []
