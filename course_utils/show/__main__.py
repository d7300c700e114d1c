"""``python -m course_utils.show``: write the committed figures of the lectures, or compare them."""

import argparse
import sys

from course_utils.show.figures import FOLDER, stale_figures, write_figures


def main(arguments=None):
    """Run the command; return 0 when all is well and 1 when a figure is out of date."""
    parser = argparse.ArgumentParser(prog="python -m course_utils.show", description=main.__doc__)
    parser.add_argument("folder", nargs="?", default=FOLDER, help="default: %(default)s")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    if options.check:
        stale = stale_figures(options.folder)
        for name in stale:
            print(f"{name}.svg is out of date; run: python -m course_utils.show")
        return 1 if stale else 0
    for path in write_figures(options.folder):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
