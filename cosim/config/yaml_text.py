"""Data written as YAML, in one way everywhere."""

from __future__ import annotations

import io
from typing import Any


def yaml_text(data: dict[str, Any]) -> str:
    """Write plain data as YAML 1.2 that reads back as the same data, keys in their order."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 100
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()
