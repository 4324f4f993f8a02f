"""Documents that are made from the records: the ODD protocol's tables and the glossary's keys."""
