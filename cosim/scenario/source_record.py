"""Where a scenario comes from, a record per source: what was read, what was taken from it, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    ValidationInfo,
    field_validator,
    model_serializer,
)

from cosim.errors import ConfigError
from cosim.formatting.words import sentence
from cosim.scenario.section import Record

SourceStatus = Literal["published", "recalled", "construction"]

STATUS_WORDS: Final[dict[SourceStatus, str]] = {
    "published": "published",
    "recalled": "recalled, unchecked",
    "construction": "a construction of ours",
}
"""What a source's status is called for people."""

_DOI: Final = r"^10\.[0-9]{4,9}/\S+$"
_ADDRESS: Final = r"^https?://\S+$"


def _doi(given: str) -> str:
    if not re.fullmatch(_DOI, given):
        told = "is no DOI: it begins with `10.`, without `https://doi.org/`"
        raise ConfigError(told, value=given)
    return given


def _address(given: str) -> str:
    if not re.fullmatch(_ADDRESS, given):
        raise ConfigError("is no address: it begins with `https://` or `http://`", value=given)
    return given


Text = Annotated[str, Field(min_length=1)]


class SourceRecord(Record):
    """One source of a scenario.

    What is assumed has no source: it stands in the scenario's ``assumed``.

    Raises
    ------
    ConfigError
        When it is said to be published and has neither a DOI nor an address.
    """

    authors: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] = Field(
        description="Who wrote it: `Family, Given` for a person; an organisation without a comma."
    )
    year: int = Field(ge=1500, le=2100, description="Year of publication.")
    title: Text = Field(description="Its title.")
    journal: str = Field("", description="Journal that it appeared in.")
    volume: str = Field("", description="Volume of the journal.")
    issue: str = Field("", description="Issue of the volume.")
    pages: str = Field("", description="First and last page, `319-350`, or the number of the article.")
    publisher: str = Field("", description="Who published it, where that is no journal.")
    doi: Annotated[str, AfterValidator(_doi)] | None = Field(
        None, description="DOI, without `https://doi.org/`.", json_schema_extra={"pattern": _DOI}
    )
    url: Annotated[str, AfterValidator(_address)] | None = Field(
        None, description="Where it can be read.", json_schema_extra={"pattern": _ADDRESS}
    )
    taken: Text = Field(description="What was taken from it.")
    why: Text = Field(description="Why this source, and what it was taken for.")
    status: SourceStatus = Field(
        "published",
        validate_default=True,
        description="`published` (its abstract, or more of it, was read), `recalled` (quoted from memory, "
        "unchecked) or `construction` (of those who wrote the scenario).",
    )

    @field_validator("status")
    @classmethod
    def _can_be_found(cls, status: SourceStatus, known: ValidationInfo) -> SourceStatus:
        where = [known.data.get(key, "refused") for key in ("doi", "url")]
        if status == "published" and not any(where):
            raise ConfigError(
                "a published source needs a doi or a url, or the status `recalled`", value=status
            )
        return status

    @model_serializer(mode="wrap")
    def _without_empty_keys(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = write(self)
        return {key: value for key, value in data.items() if value not in (None, "")}

    @property
    def link(self) -> str | None:
        """Where it can be read: its DOI as an address, else its address."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def reference(self) -> str:
        """It as it stands in a list of references."""
        issue = f"({self.issue})" if self.issue else ""
        volume = f"{self.journal} {self.volume}{issue}".strip()
        where = ", ".join(part for part in (volume, self.pages, self.publisher) if part)
        link = f" {self.link}" if self.link else ""
        title = self.title if self.title.endswith(("?", "!", ".")) else f"{self.title}."
        return f"{'; '.join(self.authors)} ({self.year}). {title}{f' {where}.' if where else ''}{link}"

    def __str__(self) -> str:
        """Return the reference, what was taken and why, and the status unless it is published."""
        status = "" if self.status == "published" else f" ({STATUS_WORDS[self.status]})"
        return f"{self.reference}{status} Taken: {sentence(self.taken)} Why: {sentence(self.why)}"


def _form(given: Any) -> str | None:
    if isinstance(given, str):
        return "text"
    return "record" if isinstance(given, Mapping | SourceRecord) else None


AnySource = Annotated[
    Annotated[SourceRecord, Tag("record")] | Annotated[str, Tag("text")],
    Discriminator(
        _form,
        custom_error_type="source_form",
        custom_error_message="must be a block with authors, year and title of a source, or a line of text",
    ),
]
"""A source as a scenario may give it: a record, or a line of text whose parts are not told apart."""
