"""How a tenant scores: the draft, its effect, and what was published."""
