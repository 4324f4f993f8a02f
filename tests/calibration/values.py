"""Values of the free parameters, none of them a default: of who talks, and of what moves minds."""

FLOOR = {
    "floor.talkativeness_spread": 0.8,
    "floor.engagement_spread": 0.6,
    "strangers.spread_factor": 0.5,
    "floor.returning": 3.0,
    "chat.returning": -0.2,
    "standing.leadership_salience": 0.8,
    "standing.rank_salience": 0.5,
    "speech.length_by_standing": 0.7,
    "speech.words_log_mean": 2.2,
    "speech.words_log_sd": 1.1,
}
MINDS = {
    "knowledge.belief_noise": 0.21,
    "arguments.step": 0.9,
    "arguments.held": 0.4,
    "arguments.voiced": 0.08,
    "uptake.rate": 0.35,
    "uptake.voices": 9.0,
    "uptake.fading": 0.13,
    "uptake.certainty": 0.9,
    "uptake.reflection": 0.18,
}
