"""Reports, figures, tables and texts made of finished studies."""
