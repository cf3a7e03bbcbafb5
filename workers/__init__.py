"""The RQ door: jobs of 3-8 lines that open a tenant's session and call one verb, and the processes that run them."""
