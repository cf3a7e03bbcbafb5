"""Fields of a company's own."""
