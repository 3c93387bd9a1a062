"""The data model as a Mermaid diagram, drawn from the models: `python -m tests.architecture.diagram`."""

import importlib
import re
from pathlib import Path

from tortoise import Model
from tortoise.fields.relational import ForeignKeyFieldInstance

from domain.kit.db import FEATURES

TOUR = Path(__file__).parents[2] / "docs" / "tour.md"
START, END = "<!-- data model: drawn from the models -->", "<!-- end of data model -->"


def models() -> list[tuple[str, type[Model]]]:
    found = []
    for feature in FEATURES:
        module = importlib.import_module(f"domain.{feature}.models")
        found += [
            (feature, thing)
            for thing in vars(module).values()
            if isinstance(thing, type)
            and issubclass(thing, Model)
            and thing.__module__ == module.__name__
        ]
    return found


def relations(model: type[Model]) -> list[str]:
    lines = []
    for name in sorted(model._meta.fk_fields | model._meta.o2o_fields):
        field = model._meta.fields_map[name]
        assert isinstance(field, ForeignKeyFieldInstance)
        target = (
            field.model_name if isinstance(field.model_name, str) else field.model_name.__name__
        )
        end = "|o" if field.null else "||"
        lines.append(f"    {target.split('.')[-1]} {end}--o{{ {model.__name__} : {name}")
    return lines


def draw() -> str:
    lines = ["```mermaid", "erDiagram"]
    for feature, model in models():
        lines.append(f"    %% {feature}: {(model.__doc__ or '').strip().splitlines()[0]}")
        lines += relations(model) or [f"    {model.__name__}"]
    return "\n".join([*lines, "```"])


def with_diagram(text: str) -> str:
    pattern = re.compile(re.escape(START) + ".*?" + re.escape(END), re.DOTALL)
    return pattern.sub(lambda _: f"{START}\n{draw()}\n{END}", text)


if __name__ == "__main__":
    TOUR.write_text(with_diagram(TOUR.read_text("utf-8")), "utf-8")
