"""Which features listen to which. Loaded when a process opens the database."""

import domain.points.hooks  # noqa: F401  # registers its listeners by being imported
