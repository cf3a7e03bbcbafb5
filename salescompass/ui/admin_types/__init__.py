"""Event types: those the product knows and the tenant's own."""
