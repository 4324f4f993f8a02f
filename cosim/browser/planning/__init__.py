"""The page that plans: one's own team as a form, a study of it in some seconds, and what that found."""
