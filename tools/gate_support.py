"""What the gates that call a compiler share."""

import re


def warning_flags(root):
    """The flags of cmake/warnings.cmake, the one list of them."""
    text = re.sub(r"#.*", "", (root / "cmake" / "warnings.cmake").read_text())
    return re.findall(r"(?<!\S)-[Wf][\w=-]+", text)
