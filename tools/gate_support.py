"""What the gates that call a compiler share."""

import re


def warning_flags(root):
    """The flags of cmake/warnings.cmake, the one list of them."""
    text = re.sub(r"#.*", "", (root / "cmake" / "warnings.cmake").read_text())
    flags = re.findall(r"(?<!\S)-[Wf][\w=-]+", text)
    return [flag for flag in flags if flag != "-Wno-error"]  # of wheels only
