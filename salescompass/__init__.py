"""SalesCompass: what happened with whom, and what to do next."""

__version__ = "0.1.0"
