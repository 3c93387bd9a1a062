"""Which features listen to which. Imported by every process and by the tests, once."""

import domain.points.hooks  # noqa: F401  # registers its listeners by being imported
