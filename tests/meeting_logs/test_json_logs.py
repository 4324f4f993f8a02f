"""One conversation in the JSON of many services: the same people, words and turns from each."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from tests.meeting_logs.scripts import SCRIPT, clock, floor, heard, read, taken, words


def records() -> list[dict[str, object]]:
    return [
        {"start": 4.0 * n, "end": 4.0 * n + 3.5, "text": f" {text}", "speaker": who}
        for n, (who, text) in enumerate(SCRIPT)
    ]


def split(one: dict[str, object], word: str = "word", speaker: bool = True) -> list[dict[str, object]]:
    said = str(one["text"]).split()
    begin, step = float(str(one["start"])), 3.5 / len(said)
    own = {"speaker": one["speaker"]} if speaker else {}
    return [
        {word: text, "start": begin + step * i, "end": begin + step * (i + 1), **own}
        for i, text in enumerate(said)
    ]


def whisperx() -> object:
    return {"segments": [{**one, "words": split(one)} for one in records()], "word_segments": []}


def whisperx_words_only() -> object:
    return {
        "segments": [
            {**{k: v for k, v in one.items() if k != "speaker"}, "words": split(one)} for one in records()
        ]
    }


def two_in_a_segment() -> object:
    found = []
    for first, second in zip(records()[::2], records()[1::2], strict=True):
        both = split(first) + split(second)
        del both[1]["speaker"]  # a word whose speaker was not found goes on with the one before
        found.append(
            {
                "start": first["start"],
                "end": second["end"],
                "text": " ".join(str(word["word"]) for word in both),
                "speaker": first["speaker"],
                "words": both,
            }
        )
    return {"segments": found}


def deepgram(what: str) -> object:
    number = {who: place for place, who in enumerate(words())}
    said = [{**one, "speaker": number[str(one["speaker"])]} for one in records()]
    flat = [word for one in said for word in split(one)]
    best = {"transcript": " ".join(str(one["text"]) for one in said), "words": flat}
    found: dict[str, object] = {"channels": [{"alternatives": [best]}]}
    if what == "utterances":
        found["utterances"] = [
            {**one, "transcript": one["text"], "words": split(one), "id": "x"} for one in said
        ]
    return {"metadata": {"channels": 1}, "results": found}


def deepgram_channels() -> object:
    channels: list[object] = []
    for who in words():
        own = [word for one in records() if one["speaker"] == who for word in split(one, speaker=False)]
        channels.append({"alternatives": [{"words": own}]})
    return {"results": {"channels": channels}}


def otter() -> object:
    return {
        "speech": {
            "speakers": [{"id": 70 + place, "speaker_name": who} for place, who in enumerate(words())],
            "transcripts": [
                {
                    "start_offset": int(16_000 * float(str(one["start"]))),
                    "end_offset": int(16_000 * float(str(one["end"]))),
                    "speaker_id": 70 + list(words()).index(str(one["speaker"])),
                    "transcript": one["text"],
                }
                for one in records()
            ],
        }
    }


def aws(audio: bool, labels: bool) -> object:
    items: list[dict[str, object]] = []
    segments = []
    for one in records():
        own = []
        for word in split(one):
            label = {"speaker_label": one["speaker"]} if labels else {}
            times = {"start_time": str(word["start"]), "end_time": str(word["end"])}
            items.append(
                {"type": "pronunciation", "alternatives": [{"content": word["word"]}], **times, **label}
            )
            own.append({**times, "speaker_label": one["speaker"]})
        items.append(
            {
                "type": "punctuation",
                "alternatives": [{"content": "."}],
                **({"speaker_label": one["speaker"]} if labels else {}),
            }
        )
        segments.append(
            {
                "start_time": str(one["start"]),
                "end_time": str(one["end"]),
                "speaker_label": one["speaker"],
                "items": own,
            }
        )
    results: dict[str, object] = {
        "transcripts": [{"transcript": "x " * 500}],
        "items": items,
        "speaker_labels": {"segments": segments},
    }
    if audio:
        results["audio_segments"] = [
            {
                "id": n,
                "transcript": one["text"],
                "start_time": str(one["start"]),
                "end_time": str(one["end"]),
                "speaker_label": one["speaker"],
                "items": [1],
            }
            for n, one in enumerate(records())
        ]
    return {"jobName": "x", "results": results}


def rev() -> object:
    return {
        "speakers": [{"id": who, "name": who} for who in words()],
        "monologues": [
            {
                "speaker": one["speaker"],
                "elements": [
                    part
                    for word in split(one)
                    for part in (
                        {"type": "text", "value": word["word"], "ts": word["start"], "end_ts": word["end"]},
                        {"type": "punct", "value": " "},
                    )
                ],
            }
            for one in records()
        ],
    }


def azure() -> object:
    return {
        "recognizedPhrases": [
            {
                "speaker": one["speaker"],
                "offsetInTicks": float(str(one["start"])) * 1e7,
                "durationInTicks": 3.5e7,
                "nBest": [{"display": one["text"], "lexical": "no"}, {"display": "another guess"}],
            }
            for one in records()
        ]
    }


def whisper_cpp() -> object:
    return {
        "transcription": [
            {
                "timestamps": {
                    "from": clock(float(str(one["start"])), "{h:02d}:{m:02d}:{s:02d},{ms:03d}"),
                    "to": clock(float(str(one["end"])), "{h:02d}:{m:02d}:{s:02d},{ms:03d}"),
                },
                "offsets": {"from": 0, "to": 1},
                "text": one["text"],
                "speaker": one["speaker"],
            }
            for one in records()
        ]
    }


def slack() -> object:
    return [
        {
            "type": "message",
            "user": f"U0{n}",
            "user_profile": {"real_name": who},
            "username": who,
            "text": text,
            "ts": f"{1.7e9 + 40 * n:.6f}",
        }
        for n, (who, text) in enumerate(SCRIPT)
    ]


def discord() -> object:
    return {
        "guild": {"name": "g"},
        "messages": [
            {
                "id": "1",
                "timestamp": f"2024-05-01T10:{n:02d}:00.123+00:00",
                "content": text,
                "author": {"id": "9", "name": who, "nickname": who},
            }
            for n, (who, text) in enumerate(SCRIPT)
        ],
    }


def telegram() -> object:
    head: list[dict[str, object]] = [
        {
            "id": 0,
            "type": "service",
            "date": "2024-05-01T09:00:00",
            "actor": "P1",
            "action": "create_group",
            "text": "",
        }
    ]
    return {
        "name": "team",
        "messages": head
        + [
            {
                "id": n,
                "type": "message",
                "date": f"2024-05-01T10:{n:02d}:00",
                "from": who,
                "text": [text[:9], {"type": "bold", "text": text[9:]}],
            }
            for n, (who, text) in enumerate(SCRIPT)
        ],
    }


SHAPES: dict[str, Callable[[], object]] = {
    "plain records": records,
    "whisperx": whisperx,
    "whisperx words only": whisperx_words_only,
    "two people in a segment": two_in_a_segment,
    "deepgram words": lambda: deepgram("words"),
    "deepgram utterances": lambda: deepgram("utterances"),
    "deepgram channels": deepgram_channels,
    "otter": otter,
    "assemblyai": lambda: {
        "text": "x",
        "utterances": [
            {
                **one,
                "start": int(1000 * float(str(one["start"]))),
                "end": int(1000 * float(str(one["end"]))),
                "words": [],
            }
            for one in records()
        ],
    },
    "aws": lambda: aws(False, True),
    "older aws": lambda: aws(False, False),
    "aws segments": lambda: aws(True, True),
    "rev": rev,
    "azure": azure,
    "speechmatics": lambda: {
        "format": "2.9",
        "results": [
            {
                "type": "word",
                "start_time": word["start"],
                "end_time": word["end"],
                "alternatives": [{"content": word["word"], "speaker": one["speaker"]}],
            }
            for one in records()
            for word in split(one)
        ],
    },
    "whisper.cpp": whisper_cpp,
    "fireflies": lambda: {
        "data": {
            "transcript": {
                "sentences": [
                    {
                        "index": n,
                        "speaker_name": one["speaker"],
                        "text": one["text"],
                        "start_time": one["start"],
                        "end_time": one["end"],
                    }
                    for n, one in enumerate(records())
                ]
            }
        }
    },
    "slack": slack,
    "discord": discord,
    "telegram": telegram,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_json(tmp_path: Path, shape: str) -> None:
    log = read(tmp_path, json.dumps(SHAPES[shape]()), "m.json")
    names = {str(place): who for place, who in enumerate(words())} if shape.startswith("deepgram") else {}
    assert {names.get(who, who): count for who, count in heard(log).items()} == words()
    assert [names.get(who, who) for who in taken(log)] == floor()


@pytest.mark.parametrize("shape", ["whisperx", "otter", "assemblyai", "azure", "aws", "rev", "whisper.cpp"])
def test_json_gives_times_in_seconds(tmp_path: Path, shape: str) -> None:
    log = read(tmp_path, json.dumps(SHAPES[shape]()), "m.json")
    assert log.frame["end_s"].max() == pytest.approx(79.5)
    assert log.frame["start_s"].iloc[-1] == pytest.approx(76.0)


def test_json_lines_and_indented_json(tmp_path: Path) -> None:
    for text in (
        "\n".join(json.dumps(one) for one in records()),
        json.dumps(records(), indent=2),
        "\ufeff" + json.dumps(whisperx(), indent=1),
    ):
        assert heard(read(tmp_path, text, "m.json")) == words()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"segments": [{"text": "a",\n "start": }]}', 2),
        ('{"segments": [{"text": "a b c", "start": 0, "end": 2}]}', None),
        ("[\n1, 2\n]", None),
        ("[" * 5000, 1),
    ],
)
def test_json_that_cannot_be_used(tmp_path: Path, text: str, line: int | None) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, "m.json")
    assert caught.value.line == line
    assert "m.json" in str(caught.value)


def test_segments_without_a_speaker_are_nobody(tmp_path: Path) -> None:
    found = records()
    del found[6]["speaker"]
    found[9]["speaker"] = None
    log = read(tmp_path, json.dumps({"segments": found}), "m.json")
    assert len(log.frame) == 18
    assert "2 of 20 segments" in log.notes[0]
    found[3]["end"] = 1.0
    assert "segment" in read(tmp_path, json.dumps({"segments": found}), "m.json").notes[0]
