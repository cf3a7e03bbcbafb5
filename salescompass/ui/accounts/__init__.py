"""Accounts by how warm they are."""
