"""`python -m schema` writes the contract into schema/schema.graphql."""

from pathlib import Path

from schema.root import schema

PATH = Path(__file__).with_name("schema.graphql")


def printed() -> str:
    """The contract as it stands in the repository."""
    return schema.as_str() + "\n"


if __name__ == "__main__":
    PATH.write_text(printed(), "utf-8")
