"""What every report says: what may not be claimed, limits, how it was done, how to cite it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cosim.execution.design import DUMMY
from cosim.formatting.words import and_list, counted
from cosim.reporting.blocks import Block, Bullets, Code, Prose, Quote
from cosim.scenario import parameters, phase_parameters
from cosim.studies.kind import TEAM
from cosim.studies.prices import no_budget_words
from cosim.studies.registry import KINDS
from cosim.studies.results import Results, config_as_written

CEILING = "In this model, under these assumptions"
"""What every answer begins with: no page says more than what was simulated."""

_NOT_CLAIMED: tuple[str, ...] = (
    "That any way of working raises or lowers anybody's influence in a real team, or by how much. Allowed "
    "is: in this model, under these assumptions, X ranked above Y in n % of settings.",
    "That a difference marked “built in” is a finding: the rule itself makes it.",
    "That a way of working with no difference here does not help. Much that it does may not be in the model: "
    "trust, dignity, recruitment, what people learn for life.",
    "That one level of involvement is better than another. Levels are described, never ranked.",
    "That the order would be the same for another team, another topic or other ranges: it was computed for "
    "the scenario and the ranges listed here.",
)

LIMITS: tuple[str, ...] = (
    "No published data give the speaking shares of public contributors in research-team meetings. "
    "Turn-taking is informed by meetings of professionals; how much public contributors speak here is "
    "assumed, not estimated.",
    "No trial found isolates titles, seating, agenda setting, co-chairing or a buddy in health-research "
    "teams. What is compared are mechanisms, put into numbers, not effect sizes.",
    "Influence is the share that what a person came with, carried or argued has in what is decided, followed "
    "back from the ballots through every turn. Influence by changing the question, or by being in the room, "
    "is seen in part at most.",
    "Public contributors have not yet taken part in building cosim, nor judged what it leaves out.",
)


def status_counts() -> Counter[str]:
    """Return how many parameters are estimated, read off published work, or assumed."""
    return Counter(record.status for record in (*parameters(), *phase_parameters()))


def status_words() -> str:
    """Say in one sentence what the parameters rest on."""
    counts = status_counts()
    return (
        f"Of {sum(counts.values())} parameters, {counts['empirical']} were estimated from data, "
        f"{counts['expert']} read off published work, and {counts['assumption']} are assumptions, choices or "
        "planning prices."
    )


def per_point_words(results: Results) -> str:
    """Return n of each row in words: ``64 sampled settings × 20 replicates``."""
    worlds = "1 setting" if results.worlds == 1 else f"{results.worlds:,} sampled settings"
    return f"{worlds} × {counted(results.replicates, 'replicate')}"


def sample_words(results: Results) -> str:
    """Return n in words: ``2,560 simulated projects (64 sampled settings × 20 replicates)``."""
    runs = counted(len(results.run_table), "simulated project")
    if results.worlds == 1:
        return f"{runs} ({counted(results.replicates, 'replicate')} of one setting for each design point)"
    return f"{runs} ({per_point_words(results)})"


FEW = 10
"""With fewer settings (or replicates of the only one), a t interval rests on too little."""


def first_look(results: Results) -> str:
    """Say that there are too few settings to rely on what looks clear, or on what does not; else nothing."""
    count, unit = (results.worlds, "setting") if results.worlds > 1 else (results.replicates, "replicate")
    if count >= FEW:
        return ""
    is_are = "is" if count == 1 else "are"
    return (
        f"a first look: {counted(count, unit)} {is_are} too few to rely on what is clear here and what is not"
    )


def sampler_words(results: Results) -> str:
    """Say how the settings were drawn."""
    kind = KINDS.get(results.kind)
    if kind is not None and "worlds" not in kind.uses:
        count = len(results.factor_columns) - (DUMMY in results.factor_columns)
        return f"The design itself varies {counted(count, 'parameter')}, each over the range in the methods."
    if results.worlds == 1:
        return "No parameter was varied: everything holds for the scenario as it stands."
    sampler = results.config.get("worlds", {}).get("sampler", "")
    how = {"sobol": "a scrambled Sobol' sequence", "latin": "a Latin hypercube"}.get(sampler, "random draws")
    drawn = results.sampled(results.first_arm)
    team = [name for name in drawn if name.startswith(TEAM)]
    rows = [name for name in drawn if name.startswith("fitted_")]
    ways = [name for name in results.factor_columns if name.startswith("way_")]
    count = len(drawn) - len(team) - len(rows)
    shapes = (results.config.get("ranges") or {}).get("set")
    each = "each over its range" if shapes else "each uniform over its plausible range"
    told = f"A setting is one draw of {counted(count, 'uncertain parameter')}, {each}"
    if rows:
        told += ", those fitted together in rows of their joint sample"
    if ways:
        told += f"; of {counted(len(ways), 'number')} that say how ways of working are delivered"
    if team:
        told += f"; and of a team ({counted(len(team), 'trait')}), from the mix that the config states"
    end = ";" if ways or team else ","
    return f"{told}{end} by {how}; every way of working was tried in every setting."


def pairing_words(results: Results) -> str:
    """Say which runs share their random numbers."""
    return (
        "Within a setting every way of working meets the same random numbers, replicate by replicate "
        "(common random numbers, one counter-based stream per kind of decision), so differences are paired; "
        "different settings have different random numbers."
    )


def rerun_commands(results: Results) -> str:
    """Return the commands that repeat the study exactly."""
    return (
        f"cosim run config.yaml        # the resolved config below, with cosim {results.version}\n"
        "cosim rerun .                # in the folder of this report: the same, compared bit for bit"
    )


def identity_words(results: Results) -> str:
    """Return what has to be named to find the same results again."""
    scenario = f"scenario {results.scenario.identity}, " if results.scenario else ""
    name = str(results.study["name"])
    called = f"study “{name}”, " if name.casefold() != "study" else ""
    code = str(results.provenance["software"].get("code", ""))
    version = code if code.startswith(results.version) else f"{results.version}, code {code}"
    return (
        f"cosim {version}, {scenario}{called}design {results.study['design'][:16]}, seed "
        f"{results.study['seed']}"
    )


def citation(results: Results) -> str:
    """Return the reference for a list of references."""
    year = str(results.provenance.get("ended", ""))[:4] or "n.d."
    scenario = f" Scenario {results.scenario.identity}." if results.scenario else ""
    return (
        f"cosim contributors ({year}). cosim: power in co-produced health-research teams, simulated (version "
        f"{results.version}) [Computer software].{scenario} Study design {results.study['design'][:16]}, "
        f"seed {results.study['seed']}."
    )


def not_claimed(results: Results) -> tuple[str, ...]:
    """Return what a reader may not claim from a study."""
    return (*_NOT_CLAIMED, no_budget_words(results))


def limits_blocks(results: Results) -> tuple[Block, ...]:
    """Return what may not be claimed, and the limits."""
    return (
        Bullets(not_claimed(results)),
        Bullets(LIMITS, "Limits"),
    )


def citing_blocks(results: Results, quotes: Sequence[Quote] = ()) -> tuple[Block, ...]:
    """Return how to cite, how to repeat, and texts to paste."""
    blocks: list[Block] = [
        Prose(
            (
                "Cite the software, the scenario and the study: a rank without the scenario, the ranges and "
                "the seed cannot be checked. Replace the version by the DOI of its archive where there is "
                "one.",
            )
        ),
        Quote("Reference", citation(results)),
        Prose(("To repeat it exactly:",)),
        Code(rerun_commands(results)),
        *quotes,
    ]
    config = config_as_written(results.folder)
    if config:
        blocks.append(Code(config, "The resolved config (config.yaml): every default written out"))
    return tuple(blocks)


def foot(results: Results) -> tuple[str, ...]:
    """Return the lines at the end of the page: where everything comes from."""
    software, platform = results.provenance["software"], results.provenance.get("platform", {})
    git = software.get("git") or {}
    commit = git.get("commit", "")
    state = f", commit {commit[:12]}{' with local changes' if git.get('dirty') else ''}" if commit else ""
    packages = [
        f"{key.removeprefix('package ')} {value}"
        for key, value in platform.items()
        if key.startswith("package ")
    ]
    seconds = results.provenance.get("resources", {}).get("seconds")
    took = f" It took {seconds:,.0f} seconds." if isinstance(seconds, (int, float)) else ""
    return (
        f"Run {results.run_id}: {identity_words(results)}{state}.",
        f"Python {platform.get('python', '?')} on {platform.get('system', '?')} "
        f"{platform.get('machine', '')}; {and_list(packages, most=20)}.",
        f"Finished {results.provenance.get('ended', 'at an unknown time')}.{took} Everything on this page "
        "was made from runs.parquet, design.parquet and provenance.json in the same folder.",
    )
