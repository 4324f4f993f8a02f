"""Transcripts and chats as JSON.

Whisper, WhisperX, whisper.cpp, Otter, Deepgram, AssemblyAI, AWS, Azure, Rev, Speechmatics, Slack, Discord,
Telegram, or any list of records that say who spoke.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cosim.errors import ConfigError
from cosim.meeting_logs.clock import read_time
from cosim.meeting_logs.utterances import Rows, Utterance


def _keys(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SPEAKER: Final = _keys(
    "speaker speaker_name speakerName speaker_label speakerLabel speaker_id speakerId speakerTag speaker_tag "
    "participant author from user_name username user name sender user_profile"
)
TEXT: Final = _keys(
    "text transcript content message utterance sentence display punctuated_word word value msg body"
)
START: Final = _keys(
    "start start_time startTime start_s start_ms startMs start_offset begin from_s ts timestamp time date "
    "created_at offset"
)
END: Final = _keys("end end_time endTime end_s end_ms endMs end_offset end_ts stop to_s")
"""Keys that hold who spoke, what, from when and until when; the first that is there counts."""

_LASTS: Final = _keys("duration duration_s duration_ms")
_NAMES: Final = _keys("real_name display_name displayName nickname name full_name username user_name id")
_MOST_DEPTH: Final = 60
_OTTER: Final = 16_000.0  # samples a second, in which Otter counts


@dataclass(frozen=True)
class _Found:
    """A list of records that could be the turns."""

    records: Sequence[Mapping[str, Any]]
    named: int
    timed: bool
    spoken: bool


def add_json(text: str, rows: Rows) -> None:
    """Read JSON into `rows`, or lines of JSON.

    The list of records is taken in which most is said by somebody who is named; where whole passages and
    their single words both are there, the passages. Records are counted as segments in messages.

    Raises
    ------
    ConfigError
        With the line, where the JSON is broken; when no record says who speaks.
    """
    rows.noun, rows.place = "segments", "segment"
    data = _load(text, rows)
    names = _names_by_id(data)
    turns = _special(data) or _best(data)
    if turns is None or not any(_names_somebody(record) for record in turns):
        told = "no record says who speaks"
        hint = "transcribe with speakers (diarisation), or export them"
        raise ConfigError(
            f"{told}; {hint}", file=rows.file, allowed='"speaker": "Ann", "text": "...", "start": 0.0'
        )
    for number, record in enumerate(turns, start=1):
        for one in _by_words(record):
            _add(one, number, names, rows)


def _load(text: str, rows: Rows) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"))
    except RecursionError:
        raise rows.error("this JSON is nested too deeply for a transcript", 1) from None
    except ValueError as error:
        records = _json_lines(text)
        if records is not None:
            return records
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        told = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise ConfigError(f"this is not whole JSON: {told}", file=rows.file, line=line) from None


def _json_lines(text: str) -> list[Any] | None:
    try:
        records = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None
    return records if len(records) > 1 and all(isinstance(one, dict) for one in records) else None


def _best(data: Any) -> Sequence[Mapping[str, Any]] | None:
    """Return the list of records that is most like turns."""
    found = [_judge(records) for records in _lists(data, 0)]
    found = [one for one in found if one.named and (one.timed or one.spoken)]
    if not found:
        return None
    return max(found, key=lambda one: (one.spoken, _chars(one.records), -len(one.records))).records


def _lists(data: Any, depth: int) -> Iterator[Sequence[Mapping[str, Any]]]:
    if depth > _MOST_DEPTH:
        return
    if isinstance(data, dict):
        for value in data.values():
            yield from _lists(value, depth + 1)
    elif isinstance(data, list):
        records = [one for one in data if isinstance(one, dict)]
        if records and 2 * len(records) > len(data):
            yield records
        for value in data:
            yield from _lists(value, depth + 1)


def _judge(records: Sequence[Mapping[str, Any]]) -> _Found:
    named = sum(_names_somebody(record) for record in records)
    timed = any(_first(record, START) is not None for record in records)
    spoken = any(_said(record) is not None or isinstance(record.get("words"), int) for record in records)
    return _Found(records, named, timed, spoken)


def _chars(records: Sequence[Mapping[str, Any]]) -> int:
    """Return how much is said in records that name somebody, in coarse steps."""
    return sum(len(_said(record) or "") for record in records if _names_somebody(record)) // 100


def _names_somebody(record: Mapping[str, Any]) -> bool:
    words = record.get("words")
    among = words if isinstance(words, list) else []
    return any(isinstance(one, dict) and _speaker(one, {}) for one in (record, *among))


def _first(record: Mapping[str, Any], keys: Iterable[str]) -> Any:
    return next((record[key] for key in keys if record.get(key) is not None and record.get(key) != ""), None)


def _speaker(record: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    for key in SPEAKER:
        value = record.get(key)
        if isinstance(value, dict):
            value = _first(value, _NAMES)
        if value is None or isinstance(value, (list, bool)) or value == "":
            continue
        name = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return names.get(name, name)
    return None


def _said(record: Mapping[str, Any]) -> str | None:
    value = _first(record, TEXT)
    if isinstance(value, list):  # text in parts, as some chats write it
        parts = (
            part if isinstance(part, str) else part.get("text", "")
            for part in value
            if isinstance(part, (str, dict))
        )
        return "".join(str(part) for part in parts)
    if isinstance(value, str):
        return value
    words = record.get("words")
    if isinstance(words, list) and words and all(isinstance(word, dict) for word in words):
        return " ".join(_said(word) or "" for word in words)
    return None


def _names_by_id(data: Any) -> dict[str, str]:
    """Return names of speakers and users by their ids, where a list of them stands in the file."""
    found: dict[str, str] = {}
    if not isinstance(data, dict):
        return found
    for key, value in data.items():
        if key in ("speakers", "users", "members", "participants") and isinstance(value, list):
            for one in value:
                if not isinstance(one, dict):
                    continue
                code = _first(one, ("id", "speaker_id", "user_id"))
                name = _first(one, ("speaker_name", "real_name", "display_name", "name", "username"))
                if code is not None and isinstance(name, str):
                    found[str(code)] = name
        elif isinstance(value, dict):
            found.update(_names_by_id(value))
    return found


def _by_words(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Split a segment whose words are said by several people, or are all that names them."""
    words = record.get("words")
    if not isinstance(words, list) or not all(isinstance(word, dict) for word in words):
        yield record
        return
    speakers = [_speaker(word, {}) for word in words]
    known = {speaker for speaker in speakers if speaker}
    if len(known) < 2 and (_speaker(record, {}) or not known):
        yield record
        return
    before, held = None, list[Mapping[str, Any]]()
    for word, own in zip(words, speakers, strict=True):
        speaker = own or before
        if held and speaker != before:
            yield _joined(held, before)
            held = []
        before = speaker
        held.append(word)
    if held:
        yield _joined(held, before)


def _joined(words: Sequence[Mapping[str, Any]], speaker: str | None) -> dict[str, Any]:
    start = next((value for word in words if (value := _first(word, START)) is not None), None)
    end = next((value for word in reversed(words) if (value := _first(word, END)) is not None), None)
    return {
        "speaker": speaker,
        "text": " ".join(_said(word) or "" for word in words),
        "start": start,
        "end": end,
    }


def _add(record: Mapping[str, Any], number: int, names: Mapping[str, str], rows: Rows) -> None:
    said = _said(record)
    start, end = _time(record, START, number, rows), _time(record, END, number, rows)
    lasts = None if end is not None else _time(record, _LASTS, number, rows, lasting=True)
    if start is not None and lasts is not None:
        end, lasts = start + lasts, None
    words = record.get("words")
    count = float(words) if isinstance(words, int) and not isinstance(words, bool) and said is None else None
    if said is None and count is None and end is None and lasts is None:
        return  # a record that is no turn, such as a member who joined
    speaker = _speaker(record, names)
    rows.add(Utterance(number, speaker, words=count, text=said, start=start, end=end, seconds=lasts))


def _time(
    record: Mapping[str, Any], keys: Sequence[str], number: int, rows: Rows, lasting: bool = False
) -> float | None:
    key = next((key for key in keys if record.get(key) is not None and record.get(key) != ""), None)
    value = None if key is None else record[key]
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    moment = read_time(str(value).removesuffix("Z") if isinstance(value, str) else repr(value))
    if moment is None:
        return None
    seconds, kind = moment.seconds, moment.kind
    if key is not None and key.casefold().endswith("ms") and kind == "number":
        seconds, kind = seconds / 1000.0, "span"
    (rows.lasting if lasting else rows.kinds).add(kind)
    return seconds


def _special(data: Any) -> list[Mapping[str, Any]] | None:
    """Return the turns of shapes whose speaker, text and time do not stand in one record."""
    if not isinstance(data, dict):
        return None
    for key, turn in (("monologues", _rev), ("recognizedPhrases", _azure), ("transcription", _whisper_cpp)):
        if isinstance(data.get(key), list):
            return [turn(one) for one in data[key] if isinstance(one, dict)]
    speech = data.get("speech", data)
    if isinstance(speech, dict) and isinstance(speech.get("transcripts"), list):
        return [_otter(one) for one in speech["transcripts"] if isinstance(one, dict)]
    return _results(data.get("results"))


def _results(results: Any) -> list[Mapping[str, Any]] | None:
    """Return the words of Deepgram, AWS and Speechmatics, where no passages stand beside them."""
    if isinstance(results, list) and any(isinstance(one, dict) and "alternatives" in one for one in results):
        return [_flat(one) for one in results if isinstance(one, dict)]
    if not isinstance(results, dict):
        return None
    if isinstance(results.get("channels"), list) and not results.get("utterances"):
        return _deepgram(results["channels"])
    if isinstance(results.get("items"), list) and not results.get("audio_segments"):
        return _aws(results)
    return None


def _rev(one: Mapping[str, Any]) -> dict[str, Any]:
    elements = [part for part in one.get("elements", []) if isinstance(part, dict)]
    times = [part for part in elements if part.get("ts") is not None]
    return {
        "speaker": one.get("speaker"),
        "text": "".join(str(part.get("value", "")) for part in elements),
        "start": times[0].get("ts") if times else None,
        "end": times[-1].get("end_ts") if times else None,
    }


def _azure(one: Mapping[str, Any]) -> dict[str, Any]:
    best = next((part for part in one.get("nBest", []) if isinstance(part, dict)), {})
    ticks = 1e7
    start, lasts = one.get("offsetInTicks"), one.get("durationInTicks")
    known = isinstance(start, (int, float)) and isinstance(lasts, (int, float))
    return {
        "speaker": one.get("speaker"),
        "text": best.get("display") or best.get("lexical") or "",
        "start": start / ticks if known else None,  # type: ignore[operator]
        "end": (start + lasts) / ticks if known else None,  # type: ignore[operator]
    }


def _whisper_cpp(one: Mapping[str, Any]) -> dict[str, Any]:
    times = one.get("timestamps") if isinstance(one.get("timestamps"), dict) else {}
    assert isinstance(times, dict)
    return {**one, "start": times.get("from"), "end": times.get("to")}


def _flat(one: Mapping[str, Any]) -> dict[str, Any]:
    best = next((part for part in one.get("alternatives", []) if isinstance(part, dict)), {})
    return {"speaker": best.get("speaker"), "text": best.get("content", ""), **{
        key: one.get(key) for key in ("start_time", "end_time")
    }}  # fmt: skip


def _aws(results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the words of AWS; those of older files find their speaker by the time at which they begin."""
    labels = results.get("speaker_labels")
    by_start = {}
    for segment in labels.get("segments", []) if isinstance(labels, dict) else []:
        for item in segment.get("items", []):
            by_start[item.get("start_time")] = item.get("speaker_label") or segment.get("speaker_label")
    return [
        {**_flat(item), "speaker": item.get("speaker_label") or by_start.get(item.get("start_time"))}
        for item in results["items"]
        if isinstance(item, dict) and item.get("type") != "punctuation"
    ]


def _deepgram(channels: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Return Deepgram's words; where its channels are the speakers, each with its channel."""
    turns: list[Mapping[str, Any]] = []
    for number, channel in enumerate(channels):
        best = next((one for one in channel.get("alternatives", []) if isinstance(one, dict)), {})
        for word in best.get("words", []):
            own = {"speaker": number} if len(channels) > 1 else {}
            turns.append({**word, **own})
    return sorted(turns, key=lambda word: float(word.get("start") or 0.0))


def _otter(one: Mapping[str, Any]) -> dict[str, Any]:
    found = {**one, "speaker": _first(one, ("speaker_name", "speaker", "speaker_id", "speaker_model_label"))}
    for key in ("start", "end"):
        samples = one.get(f"{key}_offset")
        if isinstance(samples, (int, float)):
            found[f"{key}_offset"], found[key] = None, samples / _OTTER
    return found
