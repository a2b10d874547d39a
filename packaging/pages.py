"""What the documentation has a person type, as it stands there."""

import re
from pathlib import Path

from fresh import fail

FOLDER = Path(__file__).resolve().parent.parent


def commands(page, section):
    """The commands of a section, each with the lines that it goes on in."""
    text = (FOLDER / page).read_text()
    found = re.search(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not found:
        fail(f'{page} has no section "{section}"')
    blocks = re.findall(r"^```sh\n(.*?)^```", found[1], re.MULTILINE | re.DOTALL)
    lines = re.sub(r"\s*\\\n\s*", " ", "".join(blocks)).splitlines()
    return [line.strip() for line in lines if line.strip()]


def demand(lines, *beginnings):
    """Each of them has to begin a line."""
    for beginning in beginnings:
        if not any(line.startswith(beginning) for line in lines):
            fail(f'the documentation has no line "{beginning}" where it was')
