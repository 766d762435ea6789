"""A loopback server that stands for Azure Resource Manager: recorded bodies, real limits, planned faults."""
