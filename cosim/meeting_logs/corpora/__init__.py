"""The corpora of real meetings, and the team that the model simulates in the place of each of their teams."""

from cosim.meeting_logs.corpora.corpus import CORPORA, Corpus, Person, corpora, corpus

__all__ = ["CORPORA", "Corpus", "Person", "corpora", "corpus"]
