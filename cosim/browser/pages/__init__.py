"""The demo's pages, on Solara's parts. Every browser tab has its own state (`state`)."""
