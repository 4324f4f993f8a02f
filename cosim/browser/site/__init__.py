"""The demo's plain pages: start, plan and class; HTML from templates, with little script."""
