"""Pictures of a meeting and of what came of it, as SVG text: numbers in, a string out."""
