"""muster: checks every Azure VM the moment it is deployed."""

__version__ = "0.1.0"
