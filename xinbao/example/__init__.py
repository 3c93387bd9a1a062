"""A fictional county with a year behind it, to look at and to try things in."""
