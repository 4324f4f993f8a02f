"""Numbers and lists as people read them: true minus signs, honest percentages, no false precision."""

from __future__ import annotations

import math
from collections.abc import Sequence

MINUS = "−"
NO_VALUE = "–"
THIN = "\N{NARROW NO-BREAK SPACE}"


def number(value: float, digits: int = 3) -> str:
    """Return a number with so many decimals; a dash when there is none.

    Whole numbers of four digits and more get commas. A value that rounds to zero has no sign.
    """
    if not math.isfinite(value):
        return NO_VALUE
    text = f"{abs(value):,.{digits}f}"
    negative = value < 0 and float(text.replace(",", "")) != 0
    return f"{MINUS}{text}" if negative else text


def signed(value: float, digits: int = 3) -> str:
    """Return a difference: like `number`, with a plus sign where it is above zero."""
    text = number(value, digits)
    rises = math.isfinite(value) and value > 0 and float(text.replace(",", "")) != 0
    return f"+{text}" if rises else text


def signed_cost(extra: float, cost: str, currency: str) -> str:
    """Return an extra cost with its unit: ``+1 minute``, ``−3 minutes``, ``+210 GBP``."""
    size = signed(extra, 0)
    if cost == "minutes":
        return f"{size} minute{'' if size.lstrip(f'+{MINUS}') == '1' else 's'}"
    return f"{size} {currency or 'money'}"


def percent(share: float) -> str:
    """Return a share in whole percent; what is not all is never called 100 %, nor what is not nothing 0 %."""
    if not math.isfinite(share):
        return NO_VALUE
    rounded = round(100 * share)
    if rounded == 100 and share < 1:
        return f"over 99{THIN}%"
    if rounded == 0 and share > 0:
        return f"under 1{THIN}%"
    return f"{rounded}{THIN}%"


def of_every_hundred(share: float, what: str) -> str:
    """Return a share for people who do not read percentages: ``about 94 of every 100 of these worlds``.

    All and none are said only where they are true.
    """
    if share in (0.0, 1.0):
        return f"all of these {what}" if share else f"none of these {what}"
    rounded = round(100 * share)
    size = "more than 99" if rounded == 100 else "fewer than 1" if rounded == 0 else f"about {rounded}"
    return f"{size} of every 100 of these {what}"


def span(low: float, high: float, digits: int = 3) -> str:
    """Return an interval, ``−0.05 to −0.03``; a dash when there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return NO_VALUE
    return f"{number(low, digits)} to {number(high, digits)}"


def percents(low: float, high: float) -> str:
    """Return an interval of shares in whole percent."""
    return f"{percent(low)} to {percent(high)}"


def and_list(items: Sequence[str], most: int | None = 5) -> str:
    """Return items as words: ``A, B and C``; beyond `most` only how many more there are.

    >>> and_list(["A", "B", "C"]), and_list(["A", "B", "C"], most=2), and_list([])
    ('A, B and C', 'A and 2 others', '')
    """
    shown = list(items)
    if most is not None and len(shown) > most:
        rest = len(shown) - (most - 1)
        shown = [*shown[: most - 1], f"{rest} others"]
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def quoted(name: str) -> str:
    """Return a way of working's title in quotes."""
    return f"“{name}”"


def counted(count: int, noun: str, plural: str | None = None, *, spelled: bool = False) -> str:
    """Return how many there are; `spelled` writes numbers to twelve as words.

    >>> counted(1, "world"), counted(2000, "world"), counted(0, "world")
    ('1 world', '2,000 worlds', 'no worlds')
    >>> counted(3, "person", "people", spelled=True), counted(0, "person", "people", spelled=True)
    ('three people', 'nobody')
    """
    several = plural or f"{noun}s"
    if count == 0:
        return "nobody" if spelled and noun == "person" else f"no {several}"
    size = _NUMBERS[count - 1] if spelled and count <= len(_NUMBERS) else f"{count:,}"
    return f"{size} {noun if count == 1 else several}"


def number_of(word: str) -> int | None:
    """Return the number that a word stands for: an article or a number to twenty; None for any other word.

    >>> number_of("Two"), number_of("an"), number_of("few")
    (2, 1, None)
    """
    plain = word.casefold()
    known = [*_NUMBERS, *_TEENS]
    return 1 if plain in ("a", "an") else known.index(plain) + 1 if plain in known else None


_NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]


def sentence(words: str) -> str:
    """Return the words with a capital at the start and a full stop at the end."""
    text = words.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", ":")) else text + "."


def shortened(text: str, longest: int) -> str:
    """Return a text cut at a word's end, with an ellipsis, when it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    cut = head.rfind(" ")
    if cut > longest // 2:
        head = head[:cut]
    return head.rstrip(" ,;:") + "…"


def plain_name(name: str) -> str:
    """Return a config name as words: ``shared_power`` becomes ``Shared power``."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def decimals(values: Sequence[float]) -> int:
    """Return how many decimals show the size of such values: 0 for hundreds, 3 for hundredths."""
    sizes = [abs(value) for value in values if math.isfinite(value) and value != 0]
    if not sizes:
        return 1
    largest = max(sizes)
    if largest >= 100:
        return 0
    return 1 if largest >= 10 else 2 if largest >= 3 else 3
