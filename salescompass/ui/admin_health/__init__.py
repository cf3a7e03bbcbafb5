"""Health: servers, queues, errors."""
