"""Tiers of annotation software: which of them hold what somebody said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cosim.meeting_logs.labels import is_structure
from cosim.meeting_logs.utterances import Rows, Utterance
from cosim.meeting_logs.word_count import count_words


@dataclass
class Tier:
    """A tier: whose it is, and its annotations as (line, start, end, text); seconds, None where not known."""

    name: str
    speaker: str
    child: bool = False
    said: list[tuple[int, float | None, float | None, str]] = field(default_factory=list)

    @property
    def words(self) -> int:
        """Words on the tier."""
        return sum(count_words(text) for _, _, _, text in self.said)


_KIND = re.compile(
    r"[\s_.@:-]*\b(words?|utterances?|utt|speech|transcript(?:ion)?|text|orth(?:ography)?|tx|ort|phones?|"
    r"phonemes?|segments?|syllables?|pos|gloss(?:es)?|gl|translation|ft|tr|notes?|comments?|gestures?|gaze)$",
    re.IGNORECASE,
)
_NOT_SPEECH = re.compile(
    r"phones?|phonemes?|segments?|syllables?|pos|gloss(?:es)?|gl|translation|ft|tr|notes?|comments?|gestures?|gaze",
    re.IGNORECASE,
)


def whose(name: str) -> tuple[str, bool]:
    """Return the speaker that a tier's name holds, and whether it can hold what they said.

    Examples
    --------
    >>> whose("Ann - words"), whose("Ann_phones"), whose("Ann")
    (('Ann', True), ('Ann', False), ('Ann', True))
    """
    plain = name.replace("_", " ")
    found = _KIND.search(plain)
    if found is None or not plain[: found.start()].strip():
        return name, _NOT_SPEECH.fullmatch(plain.strip()) is None and not is_structure(plain)
    return name[: found.start()].strip(), _NOT_SPEECH.fullmatch(found[1]) is None


def add_tiers(tiers: Sequence[Tier], rows: Rows) -> None:
    """Read the annotations of one tier for each speaker into `rows`: the one with the most words.

    Tiers that depend on another (glosses, translations) or whose name says that they hold no speech are left
    out, and named in a note.
    """
    rows.noun = "annotations"
    chosen: dict[str, Tier] = {}
    left = []
    for tier in tiers:
        speaker, speech = whose(tier.name)
        tier.speaker = tier.speaker or speaker
        before = chosen.get(tier.speaker)
        if tier.child or not speech or not tier.words:
            left += [tier.name] if tier.said else []
        elif before is not None and before.words >= tier.words:
            left.append(tier.name)
        else:
            left += [before.name] if before is not None else []
            chosen[tier.speaker] = tier
    if left:
        shown = ", ".join(repr(name) for name in left[:5]) + (" ..." if len(left) > 5 else "")
        rows.notes.append(f"tiers that are not taken for what somebody said: {shown}")
    said = [(*one, tier.speaker) for tier in chosen.values() for one in tier.said if one[3].strip()]
    for line, start, end, text, speaker in sorted(said, key=lambda one: (one[1] is None, one[1] or 0.0)):
        rows.kinds.add("clock")
        rows.add(Utterance(line, speaker, text=text, start=start, end=end))
